import assert from "node:assert/strict";
import {test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {dataFrame} from "../../src/report/dataframe";

test("columns are taken by key, whatever the order of the rows' keys; what is missing is missing", async () => {
  await useBackend("auto");
  const frame = await dataFrame([
    {network: "conv2", accuracy: 33.5},
    {accuracy: 50, network: "conv4", note: "late"},
    {network: "conv6"},
    {network: "conv8", accuracy: null},
  ]);
  assert.deepEqual(frame.columns, ["network", "accuracy", "note"]);
  assert.deepEqual(frame.values, [
    ["conv2", 33.5, null],
    ["conv4", 50, "late"],
    ["conv6", Number.NaN, null],
    ["conv8", Number.NaN, null],
  ]);
  assert.deepEqual(frame.column("accuracy").isNa().values, [false, false, true, true]);
});

test("a group's numbers count what is there, and a group of nothing has none", async () => {
  const rows = [
    {k: "a", v: 33.5},
    {k: "a", v: null},
    {k: "b", v: 1},
    {k: "b", v: 4},
    {k: "b"},
    {k: "b", v: 10},
    {k: "c", v: null},
  ];
  const frame = await dataFrame(rows);
  const of = async (
    operation: "mean" | "sum" | "min" | "max" | "count" | "median" | "std",
  ): Promise<unknown[]> => {
    const grouped = frame.groupby(["k"]).col(["v"]).agg({v: operation});
    return grouped.column(`v_${operation}`).values as unknown[];
  };
  assert.deepEqual(await of("mean"), [33.5, 5, Number.NaN]);
  assert.deepEqual(await of("sum"), [33.5, 15, Number.NaN]);
  assert.deepEqual(await of("min"), [33.5, 1, Number.NaN]);
  assert.deepEqual(await of("max"), [33.5, 10, Number.NaN]);
  assert.deepEqual(await of("median"), [33.5, 4, Number.NaN]);
  assert.deepEqual(await of("count"), [1, 3, 0]);
  const [, deviation] = (await of("std")) as number[];
  assert.ok(Math.abs(deviation - Math.sqrt(21)) < 1e-9, `${deviation}`);
});
