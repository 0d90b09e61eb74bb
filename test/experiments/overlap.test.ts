import assert from "node:assert/strict";
import {test} from "node:test";
import {newShare} from "../../src/core/mask";
import {Stream} from "../../src/core/random";
import {entropyBytes, sketch, sketchOverlap} from "../../src/experiments/records/maskFacts";
import {maskOverlap} from "../../src/experiments/records/overlap";
import {someRecord} from "./someRecord";

function randomMask(n: number, share: number, name: string): Uint8Array {
  const random = new Stream(1, name);
  return Uint8Array.from({length: n}, (_, i) => (random.uniform(i) < share ? 1 : 0));
}

test("a mask overlaps itself wholly, its complement not at all, an independent one by its share", () => {
  const mask = randomMask(20_000, 0.3, "a");
  const [own, opposite, other] = [mask, mask.map(m => 1 - m), randomMask(20_000, 0.3, "b")].map(each =>
    sketch("layer", each),
  );
  assert.equal(sketchOverlap(own, own), 1);
  assert.equal(sketchOverlap(own, opposite), 0);
  assert.ok(Math.abs(sketchOverlap(own, other) - 0.3) < 0.12);
});

test("maskOverlap weighs layers by what they keep, and refuses another network's masks", () => {
  const [layer] = someRecord({arch: "conv2"}).layers;
  const layers = [
    {...layer, name: "a", kept: 30, sketch: "ff"},
    {...layer, name: "b", kept: 10, sketch: "0f"},
  ];
  const one = someRecord({arch: "conv2"}, {layers});
  const other = someRecord({arch: "conv2"}, {layers: [layers[0], {...layers[1], sketch: "f0"}]});
  assert.equal(maskOverlap(one, other), 0.75);
  assert.throws(() => maskOverlap(one, someRecord({arch: "conv2"})), /of one network/);
});

test("entropyBytes is one bit a weight at one half, nothing where nothing is chosen", () => {
  assert.equal(entropyBytes(800, 400), 100);
  assert.equal(entropyBytes(800, 800), 0);
  assert.equal(entropyBytes(800, 0), 0);
  assert.ok(Math.abs(entropyBytes(8000, 1600) - 721.93) < 0.01);
});

test("newShare counts the kept that were not kept before", () => {
  assert.equal(newShare(Uint8Array.of(1, 1, 0, 1), Uint8Array.of(1, 0, 1, 0)), 2 / 3);
});
