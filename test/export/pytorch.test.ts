import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {syntheticImages} from "../../src/bench/syntheticImages";
import {pytorchOf} from "../../src/export/pytorch";
import {moduleNames, referenceClass} from "../../src/export/referenceNames";
import {inferenceOf} from "../../src/infer/inferenceOf";
import {operationsOf} from "../../src/network/architectures";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";
import {ticketOf} from "../../src/search/ticketOf";
import {readTicket} from "../../src/ticket/file";
import type {Ticket} from "../../src/ticket/ticket";
import {importTicket} from "../../src/torch/importTicket";
import {randomImages} from "../infer/randomNetwork";

const folder = mkdtempSync(join(tmpdir(), "multiprize-pytorch-"));
after(() => rmSync(folder, {recursive: true}));
const path = join(folder, "ticket.pth");
const committed = (name: string): Ticket =>
  readTicket(join(__dirname, "..", "..", "data", "tickets", `${name}.mpt`));

for (const name of [
  "conv4-relu-k0.2",
  "conv4-sign-k0.2",
  "vgg-small-sign-k0.2",
  "cifar-resnet18-relu-k0.2",
]) {
  test(`${name}: what is exported is imported as the same masks, signs, gains and batch norms`, async () => {
    const ticket = committed(name);
    writeFileSync(path, await pytorchOf(ticket));
    const again = await importTicket(path);
    assert.deepEqual(again.network, ticket.network);
    assert.deepEqual(again.selection, ticket.selection);
    assert.deepEqual(again.batchNorms, ticket.batchNorms);
    again.layers.forEach(({name: layer, shape, signs, gain}, l) => {
      const own = ticket.layers[l];
      assert.deepEqual([layer, shape], [own.name, own.shape]);
      assert.ok(Buffer.from(signs.buffer).equals(Buffer.from(Int8Array.from(own.signs).buffer)), layer);
      assert.ok(Math.abs(gain / own.gain - 1) < 1e-6, `${layer}: ${gain} for ${own.gain}`);
    });
  });
}

test("modules are called as the reference's classes call them", () => {
  const named = (arch: Ticket["network"]["arch"], activation: "relu" | "sign"): Record<string, string> =>
    Object.fromEntries(moduleNames(arch, operationsOf({arch, activation})));
  const conv4 = named("conv4", "sign");
  assert.deepEqual(
    [conv4.conv1, conv4["conv2.bn"], conv4.fc1, conv4.fc3],
    ["convs.0", "convs.5", "linear.0", "linear.6"],
  );
  const cifar = named("cifar-resnet18", "relu");
  assert.deepEqual(
    [cifar.stem, cifar["stem.bn"], cifar["l2.0.conv2.bn"], cifar["l2.0.shortcut.bn"], cifar.fc],
    ["conv1", "bn1", "layer2.0.bn2", "layer2.0.shortcut.1", "fc"],
  );
  assert.equal(named("resnet50", "sign")["l1.0.shortcut"], "layer1.0.downsample.0");
});

test("networks that the reference has no class of are refused, each with its reason", () => {
  const of = (network: Partial<Ticket["network"]>): (() => unknown) => {
    const whole = {arch: "conv4", activation: "relu", width: 1, classes: 10, ...network} as const;
    return () => referenceClass(whole);
  };
  assert.throws(of({arch: "digits"}), {name: "UserError", message: /has no network like digits/});
  assert.throws(of({classes: 100}), {message: /builds conv4 with 10 classes alone/});
  assert.throws(of({arch: "cifar-resnet18", width: 2}), {message: /at width 1 alone/});
  assert.deepEqual(of({width: 0.5})(), {name: "Conv4Wide", widthMultiplier: 0.5});
  const vgg = of({arch: "vgg-small-bn", activation: "sign", width: 1.25});
  assert.deepEqual(vgg(), {name: "Wide_VGG_Small", widthMultiplier: 10});
});

test("what the reference's rule cannot select is refused", async () => {
  const ticket = committed("conv4-relu-k0.2");
  const moved = {...ticket, selection: {...ticket.selection, keepFraction: 0.4}};
  await assert.rejects(pytorchOf(moved), {message: /which the reference does not select at k = 0\.4/});
  const other = {
    ...ticket,
    batchNorms: committed("conv4-sign-k0.2").batchNorms,
    batchNorm: {mode: "none", epsilon: 1e-3},
  };
  await assert.rejects(pytorchOf(other as Ticket), {
    message: /has the epsilon 0\.00001, and the ticket's is 0\.001/,
  });
});

const {MULTIPRIZE_BIPROP: reference, MULTIPRIZE_TORCH_PYTHON: python} = process.env;
const skip =
  (reference === undefined || python === undefined) &&
  "set MULTIPRIZE_BIPROP to a clone of chrundle/biprop and MULTIPRIZE_TORCH_PYTHON to a Python with torch and yaml";

/** The reference's own code loads the export of a ticket and gives the ticket's logits. */
async function isEvaluatedAlike(ticket: Ticket): Promise<void> {
  writeFileSync(path, await pytorchOf(ticket));
  const count = 32;
  const images = randomImages(ticket.image, count, 5);
  const expected = (await inferenceOf(ticket)).logits(images, count);
  writeFileSync(join(folder, "images.f32"), new Uint8Array(images.buffer));
  const script = join(__dirname, "biprop.py");
  const {status, stdout, stderr} = spawnSync(String(python), [script, String(reference), folder], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  const logits = (JSON.parse(stdout) as number[][]).flat();
  assert.equal(logits.length, expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  const furthest = Math.max(...logits.map((value, i) => Math.abs(value - expected[i])));
  assert.ok(furthest < 1e-4 * largest, `${furthest / largest} of the largest logit`);
}

for (const name of [
  "conv2-relu-k0.5",
  "conv2-sign-k0.2",
  "conv4-relu-k0.2",
  "conv4-sign-k0.2",
  "conv6-relu-k0.2",
  "conv6-sign-k0.2",
  "conv8-relu-k0.1",
  "vgg-small-relu-k0.05",
  "vgg-small-relu-k0.2",
  "cifar-resnet18-relu-k0.2",
  "cifar-resnet18-sign-k0.2",
]) {
  test(`${name}: the reference's own code gives its logits within 1e-4`, {skip}, () =>
    isEvaluatedAlike(committed(name)),
  );
}

for (const [arch, activation] of [
  ["conv4", "sign"],
  ["conv8", "sign"],
  ["vgg-small-bn", "relu"],
  ["vgg-small-bn", "sign"],
] as const) {
  test(`${arch}, ${activation}, with learned batch norm: the reference's own code gives its logits within 1e-4`, {
    skip,
  }, async () => {
    await useBackend("auto");
    const settings = {arch, activation, width: 0.25, batchNorm: "learned", batchSize: 16, epochs: 2} as const;
    const images = syntheticImages(64, [32, 32, 3]);
    const found = await search(searchSpec({...settings, interimTestImages: 1}), images);
    const ticket = ticketOf(found, images);
    found.network.model.dispose();
    assert.ok(
      ticket.batchNorms.some(({gamma, beta}) => new Set([...(gamma ?? []), ...(beta ?? [])]).size > 2),
      "γ and β have moved",
    );
    await isEvaluatedAlike(ticket);
  });
}
