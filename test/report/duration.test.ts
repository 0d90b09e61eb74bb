import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {formatDuration} from "../../src/report/duration";

test("a time is told in the one unit in which people think of it", () => {
  const [hour, day, year] = [3600, 86_400, 31_557_600];
  const cases: [number, string][] = [
    [0, "0 s"],
    [-1, "0 s"],
    [0.4, "0 s"],
    [75, "75 s"],
    [120, "2 min"],
    [90 * 60, "90 min"],
    [2.5 * hour, "2.5 h"],
    [22 * hour, "22 h"],
    [3 * day, "3 days"],
    [9.4 * day, "9.4 days"],
    [89 * day, "89 days"],
    [200 * day, "6.6 months"],
    [499_798 * hour, "57 years"],
    [12_345 * year, "12,345 years"],
    [Number.NaN, "?"],
    [Number.POSITIVE_INFINITY, "?"],
  ];
  for (const [seconds, text] of cases) assert.equal(formatDuration(seconds), text);
});

test("what is told is the time to a quarter, or to half a second of the shortest, in at most twelve characters", () => {
  const sizes: Record<string, number> = {
    s: 1,
    min: 60,
    h: 3600,
    days: 86_400,
    months: 30.44 * 86_400,
    years: 31_557_600,
  };
  fc.assert(
    fc.property(fc.double({min: 0, max: 1e10, noNaN: true}), seconds => {
      const [count, unit] = formatDuration(seconds).split(" ");
      const told = Number(count.replaceAll(",", "")) * sizes[unit];
      assert.ok(Math.abs(told - seconds) <= Math.max(0.5, 0.25 * seconds), `${seconds}: ${told}`);
      assert.ok(formatDuration(seconds).length <= 12);
    }),
  );
});
