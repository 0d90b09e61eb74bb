import assert from "node:assert/strict";

/** Every entry within `tolerance` of the expected, relative to the largest expected magnitude or to `scale`. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "values",
  scale = 0,
): void {
  assert.equal(actual.length, expected.length, `${what}: number of entries`);
  const unit = Array.from(expected).reduce((largest, e) => Math.max(largest, Math.abs(e)), scale) || 1;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / unit;
    assert.ok(error <= tolerance, `${what}[${i}]: ${actual[i]} vs ${expected[i]}, off by ${error}`);
  }
}

/** Mean of f over the values. */
export function mean(values: ArrayLike<number>, f: (value: number) => number = value => value): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += f(values[i]);
  return sum / values.length;
}
