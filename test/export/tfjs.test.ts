import assert from "node:assert/strict";
import {join} from "node:path";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {tfjsOf} from "../../src/export/tfjs";
import {inferenceOf} from "../../src/infer/inferenceOf";
import "../../src/layers/binaryActivation";
import "../../src/layers/paddedMaxPool";
import {readTicket} from "../../src/ticket/file";
import {randomImages} from "../infer/randomNetwork";

before(() => useBackend("auto"));

const COUNT = 2;
for (const name of ["digits-relu-k0.2", "digits-sign-k0.2", "conv2-relu-k0.5", "cifar-resnet18-relu-k0.2"]) {
  test(`${name}: tf.loadLayersModel gives a model of the ticket's logits`, async () => {
    const ticket = readTicket(join(__dirname, "..", "..", "data", "tickets", `${name}.mpt`));
    const files = tfjsOf(ticket);
    const json = JSON.parse(new TextDecoder().decode(files["model.json"]));
    const [{weights}] = json.weightsManifest;
    const {buffer: weightData} = Uint8Array.from(files["weights.bin"]);
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({modelTopology: json.modelTopology, weightSpecs: weights, weightData}),
    );
    const images = randomImages(ticket.image, COUNT);
    const expected = (await inferenceOf(ticket)).logits(images, COUNT);
    const logits = tf.tidy(() =>
      (model.predict(tf.tensor(images, [COUNT, ...ticket.image])) as tf.Tensor).dataSync(),
    );
    const largest = Math.max(...expected.map(Math.abs));
    logits.forEach((value, i) => {
      assert.ok(Math.abs(value - expected[i]) < 1e-5 * largest, `logit ${i}: ${value} for ${expected[i]}`);
    });
    model.dispose();
    assert.deepEqual(json.userDefinedMetadata.normalisation, ticket.normalisation);
  });
}
