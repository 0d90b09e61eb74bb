import assert from "node:assert/strict";
import {test} from "node:test";
import {everyOperation, outputOf, windowSteps} from "../../src/network/geometry";
import {activate, conv1x1, conv3x3, dense, flatten, globalAverage, halve} from "../../src/network/operations";

test("a window's steps over a side are those that lie inside it and its padding, counted one by one", () => {
  for (let side = 1; side <= 9; side++) {
    for (let size = 1; size <= 5; size++) {
      for (let stride = 1; stride <= 3; stride++) {
        for (let pad = 0; pad <= 2; pad++) {
          let places = 0;
          for (let at = -pad; at + size <= side + pad; at += stride) places++;
          const steps = (): number => windowSteps(side, {size, stride, pad}, "it");
          if (places > 0) assert.equal(steps(), places);
          else
            assert.throws(steps, {
              name: "RangeError",
              message: `the image is too small for this network: it meets a side of ${side} with a window of ${size}`,
            });
        }
      }
    }
  }
});

test("every operation is met with its shapes in the order they run, a residual's branches before their sum", () => {
  const block = {op: "residual", main: [conv3x3("a", 8, 2)], shortcut: [conv1x1("b", 8, 2)]} as const;
  const operations = [activate, block, halve, flatten, dense("d", 5)];
  const visits = [...everyOperation(operations, [8, 6, 4])].map(
    ({operation: {op, ...rest}, input, output, behindWeights}) =>
      `${"name" in rest ? rest.name : op}: ${input} to ${output}${behindWeights ? ", behind weights" : ""}`,
  );
  assert.deepEqual(visits, [
    "activation: 8,6,4 to 8,6,4",
    "a: 8,6,4 to 4,3,8",
    "b: 8,6,4 to 4,3,8",
    "residual: 8,6,4 to 4,3,8",
    "maxpool: 4,3,8 to 2,1,8, behind weights",
    "flatten: 2,1,8 to 16, behind weights",
    "d: 16 to 5, behind weights",
  ]);
});

test("what needs an image refuses a flat input by its name", () => {
  assert.throws(() => outputOf(conv3x3("c", 2), [16]), /c needs height, width and channels, .* flat: \[16\]/);
  assert.throws(() => outputOf(halve, [16]), RangeError);
  assert.throws(() => outputOf(globalAverage, [16]), RangeError);
});
