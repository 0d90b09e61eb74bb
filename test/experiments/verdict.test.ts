import assert from "node:assert/strict";
import {test} from "node:test";
import {meansOverSeeds, resultRow} from "../../src/experiments/show/rows";
import {verdictOf} from "../../src/experiments/show/verdict";
import {found} from "./madeUp";

test("a verdict compares what was run and has left chance, and tells nothing from the rest", () => {
  const rows = found.map(resultRow);
  const means = meansOverSeeds(rows.map(row => ({...row, epochs: 100})));
  const half = ["Conv2", 0.5] as const;
  const dense = ["Conv2 dense", 1] as const;
  const pairs = {holds: [dense, half], "does not hold": [half, dense]} as const;
  for (const [verdict, pair] of Object.entries(pairs))
    assert.equal(verdictOf("a claim", means, [pair]).verdict, verdict);
  assert.equal(verdictOf("a claim", means, Object.values(pairs)).verdict, "mixed");
  const untold = [
    [half, ["Conv2", 0.1]],
    [half, ["Conv4", 0.5]],
  ] as const;
  assert.equal(verdictOf("a claim", means, untold).verdict, "cannot be told");
  assert.equal(
    verdictOf("a claim", means, [pairs.holds, ...untold]).evidence,
    "1 of 1 pairs; 2 cannot be compared",
  );
  for (const epochs of [3, 99]) {
    const short = meansOverSeeds(
      rows.map(row => (row.method === "dense" && epochs === 99 ? {...row, epochs: 250} : {...row, epochs})),
    );
    const {verdict, evidence} = verdictOf("a claim", short, [pairs["does not hold"], ...untold]);
    assert.equal(verdict, "cannot be told");
    assert.equal(
      evidence,
      "0 of 1 pair, which decides nothing: a dense network's rate is made for 100 epochs",
    );
  }
});
