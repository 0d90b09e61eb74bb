import assert from "node:assert/strict";
import {test} from "node:test";
import type {DeviceRow} from "../../src/bench/deviceBench";
import {deviceBenchText} from "../../src/bench/deviceBenchText";

const row: DeviceRow = {
  arch: "conv6",
  activation: "relu",
  batch: 128,
  adapter: "4.22.0 on acme 9 driver 1.2",
  stepMs: 40,
  stockStepMs: 100,
  againstStepMs: 60,
  kernels: [
    {name: "Conv2D", milliseconds: 12.5, dispatches: 6},
    {name: "Select", milliseconds: 3, dispatches: 12},
  ],
  stockKernels: [
    {name: "Conv2DBackpropFilter", milliseconds: 50, dispatches: 6},
    {name: "Conv2D", milliseconds: 20, dispatches: 6},
  ],
};

test("a device's times stand side by side, the longest kernel first, within the terminal", () => {
  for (const width of [80, 120]) {
    const lines = deviceBenchText([row], "tensorflow", width).split("\n");
    assert.deepEqual(
      lines.filter(line => line.length > width),
      [],
    );
    assert.ok(
      lines.some(line => /^conv6 relu +40\.0 +100\.0 +60\.0 +1\.50 +3200$/.test(line)),
      lines.join("\n"),
    );
    const kernels = lines.filter(line => /^(Conv2D|Select)/.test(line)).map(line => line.split(/ +/));
    assert.deepEqual(kernels, [
      ["Conv2DBackpropFilter", "50.00", "6"],
      ["Conv2D", "12.50", "6", "20.00", "6"],
      ["Select", "3.00", "12"],
    ]);
  }
});

test("an adapter without a clock says so, and without another backend nothing stands beside", () => {
  const {againstStepMs: _, ...alone} = row;
  const text = deviceBenchText([{...alone, kernels: [], stockKernels: []}], undefined, 80);
  assert.match(text, /by the device's clock: this adapter has none$/m);
  assert.doesNotMatch(text, /undefined|tensorflow/);
});
