import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {inferenceOf} from "../../src/infer/inferenceOf";
import {networkOf} from "../../src/layers/ticketNetwork";
import {parityTensor} from "../../src/parity/generator";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";
import {importTicket} from "../../src/torch/importTicket";
import {nhwcFromNchw} from "../../src/torch/layout";

const folder = join(__dirname, "..", "..", "..", "shared", "reference-checkpoints");
const names = ["conv4wide-0.25", "wide-vgg-small-2-learned-bn"];
const skip = existsSync(folder) ? false : "they do not lie beside this project";
before(() => useBackend("auto"));

interface Expected {
  readonly keepFraction: number;
  readonly layers: readonly {readonly kept: number; readonly gain: number}[];
  readonly evalLogits: readonly (readonly number[])[];
}

for (const name of names) {
  test(`${name}: the imported ticket is the reference's, its logits, in TensorFlow and on bits, within 1e-4 of the largest`, {
    skip,
  }, async () => {
    const expected = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Expected;
    const {keepFraction} = expected;
    const ticket = decodeTicket(
      encodeTicket(await importTicket(join(folder, `${name}.pth`), {keepFraction})),
    );
    ticket.layers.forEach(({signs, gain}, l) => {
      assert.equal(signs.filter(sign => sign !== 0).length, expected.layers[l].kept);
      assert.ok(Math.abs(gain / expected.layers[l].gain - 1) < 1e-6);
    });
    const spec = {t: 0, name: "images", kind: "image", shape: [4, 3, 32, 32]};
    const pixels = parityTensor(5, spec);
    const images = new Float32Array(pixels.length);
    nhwcFromNchw(4, [3, 32, 32]).forEach((to, i) => {
      images[to] = pixels[i];
    });
    const {model} = networkOf(ticket);
    const input = tf.tensor4d(images, [4, 32, 32, 3]);
    const output = model.predictOnBatch(input) as tf.Tensor;
    const logits = output.dataSync();
    const theirs = expected.evalLogits.flat();
    const largest = Math.max(...theirs.map(Math.abs));
    for (const found of [logits, (await inferenceOf(ticket)).logits(images, 4)]) {
      const worst = Math.max(...theirs.map((logit, i) => Math.abs(logit - found[i])));
      assert.ok(worst <= 1e-4 * largest, `${worst} of ${largest}`);
    }
    tf.dispose([input, output]);
    model.dispose();
  });
}

test("a checkpoint that does not name the share of weights kept must be told", {skip}, async () => {
  await assert.rejects(importTicket(join(folder, `${names[0]}.pth`)), {
    message: /what share .* --keep SHARE/,
  });
});

test("a network that is not the checkpoint's is refused", {skip}, async () => {
  const path = join(folder, `${names[0]}.pth`);
  for (const arch of ["conv2", "conv6", "vgg-small", "resnet18"] as const) {
    await assert.rejects(importTicket(path, {keepFraction: 0.3, arch}), {message: /layers/});
  }
});
