import assert from "node:assert/strict";
import {test} from "node:test";
import {expectedSignal, measuredSignal, type SignalOptions, signalFactor} from "../../src/plain/signal";

const near = (actual: number, expected: number, factor: number, what: string): void =>
  assert.ok(
    actual < expected * factor && actual > expected / factor,
    `${what}: ${actual}, expected ${expected}`,
  );

test("a layer multiplies the mean square by (2/π)·k/(1−k) under the reference, and by 1 under unit, at every k", () => {
  for (const keepFraction of [0.05, 0.1, 0.2, 0.5, 0.8]) {
    const expected = ((2 / Math.PI) * keepFraction) / (1 - keepFraction);
    assert.ok(Math.abs(signalFactor({keepFraction}) - expected) < 1e-12);
    assert.ok(Math.abs(signalFactor({keepFraction, gain: "unit"}) - 1) < 1e-12);
  }
  assert.ok(Math.abs(signalFactor({keepFraction: 0.1, fan: "kept"}) - 2 / Math.PI) < 1e-12);
  assert.ok(Math.abs(signalFactor({keepFraction: 0.1, fan: "kept", gain: "rms-kept"}) - 1) < 1e-12);
});

const settings: readonly SignalOptions[] = [
  {keepFraction: 0.1},
  {keepFraction: 0.5},
  {keepFraction: 0.1, gain: "unit"},
  {keepFraction: 0.2, gain: "rms-kept", fan: "kept"},
  {keepFraction: 0.2, fan: "none"},
];
for (const setting of settings) {
  test(`signal and step of ${JSON.stringify(setting)} are the formula's, within half and double in six layers`, () => {
    const options = {...setting, depth: 6};
    const expected = expectedSignal(options);
    measuredSignal(options).forEach((layer, l) => {
      near(layer.signal, expected[l].signal, 1.5, `signal ${l + 1}`);
      near(layer.step, expected[l].step, 2, `step ${l + 1}`);
    });
  });
}

test("what the last layer's logits are to the loss: near zero the slopes are 0.1, and −0.9 at the label", () => {
  const {step} = expectedSignal({keepFraction: 0.5, fan: "none", depth: 1, units: 100})[0];
  assert.ok(Math.abs(step - Math.sqrt(0.09 * (2 / 100)) * 20) < 1e-12);
});

test("one seed, one result; another seed, another", () => {
  const options = {keepFraction: 0.2, depth: 2, units: 32, inputs: 2};
  assert.deepEqual(measuredSignal(options), measuredSignal(options));
  assert.notDeepEqual(measuredSignal(options), measuredSignal({...options, seed: 1}));
});
