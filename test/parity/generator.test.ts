import assert from "node:assert/strict";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {
  parityHash,
  parityLabels,
  parityTensor,
  parityUniform,
  type TensorSpec,
} from "../../src/parity/generator";

const checks: [number, number, number, number, number][] = [
  [0, 0, 0, 2462723854, 0.5733975768089294],
  [1, 0, 0, 2527132011, 0.5883937478065491],
  [1, 0, 1, 3024231355, 0.7041336894035339],
  [1, 2, 0, 2535364964, 0.5903106331825256],
  [7, 3, 1000, 242775010, 0.05652540922164917],
  [123456789, 9, 4194303, 2747694047, 0.6397473216056824],
];
for (const [seed, t, i, hash, uniform] of checks) {
  test(`the generator at seed ${seed}, tensor ${t}, index ${i} gives ${hash}`, () => {
    assert.equal(parityHash(seed, t, i), hash);
    assert.equal(parityUniform(seed, t, i), uniform);
  });
}

const conv1 = {shape: [64, 3, 3, 3], fanIn: 27};
const spec = (t: number, kind: string, more: Partial<TensorSpec> = {}): TensorSpec => ({
  t,
  kind,
  name: `tensor ${t}`,
  shape: [3],
  ...more,
});
const firstThree = (of: TensorSpec): number[] => [...parityTensor(1, of).subarray(0, 3)];

const tensors: [TensorSpec, number[]][] = [
  [spec(0, "image"), [0.3535749912261963, 0.8165347576141357, 1.7110514640808105]],
  [spec(2, "kaiming_uniform", conv1), [0.08514568209648132, -0.40300753712654114, -0.22934594750404358]],
  [spec(3, "scores", conv1), [-0.009504000656306744, 0.03595651313662529, -0.05739476904273033]],
  [spec(2, "signed_dyadic", conv1), [0.25, -0.25, -0.25]],
  [spec(2, "signed_constant", conv1), [1, -1, -1].map(s => s * Math.fround(Math.sqrt(2 / 27)))],
  [spec(0, "gamma"), [0, 1, 2].map(i => Math.fround(0.5 + parityUniform(1, 0, i)))],
  [spec(0, "beta"), [0, 1, 2].map(i => Math.fround(parityUniform(1, 0, i) - 0.5))],
];
for (const [of, expected] of tensors) {
  test(`a ${of.kind} tensor of seed 1 starts with ${expected.map(v => v.toFixed(4)).join(", ")}`, () => {
    assert.deepEqual(firstThree(of), expected);
  });
}

test("labels of seed 1 start with 6 9 4 4 6 3 2 9, and there are as many as the shape says", () => {
  const labels = parityLabels(1, spec(1, "labels", {shape: [8]}), 10);
  assert.deepEqual([...labels], [6, 9, 4, 4, 6, 3, 2, 9]);
});

test("a tensor has as many values as its shape says", () => {
  assert.equal(parityTensor(1, spec(2, "kaiming_uniform", conv1)).length, 64 * 27);
});

test("an unknown kind is a UserError that lists the known ones", () => {
  assert.throws(
    () => parityTensor(1, spec(2, "normal")),
    error => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /tensor 2: unknown kind "normal"; known are image, kaiming_uniform/);
      return true;
    },
  );
});
