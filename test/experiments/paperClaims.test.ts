import assert from "node:assert/strict";
import {test} from "node:test";
import {cellsOf} from "../../src/experiments/define/experiment";
import {experimentNamed} from "../../src/experiments/define/experiments";
import type {PresetName} from "../../src/experiments/define/preset";
import type {RunRecord} from "../../src/experiments/records/record";
import type {ClaimRow} from "../../src/experiments/show/claim";
import {denseEpochs} from "../../src/experiments/show/denseBudget";
import {claimRows} from "../../src/experiments/show/paperClaims";
import {someRecord} from "./someRecord";

const records = (name: string, preset: PresetName, accuracies: Record<string, number>): RunRecord[] =>
  Object.entries(accuracies).map(([label, testAccuracy]) => {
    const cell = cellsOf(experimentNamed(name), preset).find(each => each.label === label);
    assert.ok(cell, label);
    return someRecord(cell.spec, {testAccuracy});
  });
/** The same, three seeds of each. */
const seeded = (name: string, preset: PresetName, accuracies: Record<string, number>): RunRecord[] =>
  [0, 1, 2].flatMap(seed =>
    records(
      name,
      preset,
      Object.fromEntries(
        Object.entries(accuracies).map(([label, accuracy]) => [`${label}, seed ${seed}`, accuracy]),
      ),
    ),
  );
const claim = (rows: readonly ClaimRow[], words: RegExp): ClaimRow =>
  rows.find(row => words.test(row.claim))!;

test("without a record every claim says not run, and what is published of it stands beside", () => {
  const rows = claimRows([]);
  assert.ok(rows.length >= 8 && rows.every(({standing}) => standing === "not run"));
  assert.match(claim(rows, /prize 1/).published, /Conv2 [−+]\d/);
  assert.match(claim(rows, /deeper/).published, /17 of 18 pairs/);
  assert.match(claim(rows, /wider/).published, /12 of 12 pairs/);
  assert.match(claim(rows, /\+BN/).published, /ResNet-18 1\/32 \+0\.1, VGG-Small 1\.25× 1\/1 \+2\.8/);
});

test("a ticket within a point of its dense network at the length of the dense one's recipe holds, one below does not", () => {
  const half = seeded("depth", "paper", {
    "Conv2 k 0.5": 70,
    "Conv2 dense": 70.9,
    "Conv4 k 0.5": 60,
    "Conv4 dense": 75,
  });
  const row = claim(claimRows(half), /prize 1/);
  assert.equal(row.standing, "holds in part");
  assert.equal(row.ours, "Conv2 −0.9 (k 0.5), Conv4 −15.0 (k 0.5)");
  assert.match(row.measured, /^paper, 250 epochs: 4 cells$/);
});

test("after fewer epochs than a dense network's rate is made for, a ticket beside it decides nothing, however it stands", () => {
  assert.equal(denseEpochs("conv2"), 100);
  for (const [preset, dense] of [
    ["laptop", 30],
    ["night", 90],
  ] as const) {
    const row = claim(
      claimRows(records("depth", preset, {"Conv2 k 0.5": 60, "Conv2 dense": dense})),
      /prize 1\)$/,
    );
    assert.equal(row.standing, "not decided at this budget");
    assert.equal(row.ours, `Conv2 ${dense < 60 ? "+" : "−"}30.0 (k 0.5)`);
    assert.match(
      row.why,
      /k chosen by the test set; the dense network's rate is made for 100 epochs, so this decides nothing$/,
    );
  }
});

test("the longest preset that bears on a claim speaks, and a cell at chance says nothing", () => {
  const both = [
    ...records("depth", "laptop", {"Conv2 k 0.5": 40, "Conv4 k 0.5": 30}),
    ...records("depth", "night", {"Conv2 k 0.5": 60, "Conv4 k 0.5": 65, "Conv6 k 0.5": 10}),
  ];
  const row = claim(claimRows(both), /deeper/);
  assert.deepEqual([row.standing, row.ours], ["holds", "1 of 1 pairs, mean +5.0 points"]);
});

test("tickets of the brisk recipe are beside the same dense networks, in lines of their own", () => {
  const both = [
    ...records("depth", "night", {"Conv2 dense": 70, "Conv2 k 0.5": 60}),
    ...records("depth-brisk", "night", {"Conv2 brisk k 0.5": 70, "Conv4 brisk k 0.5": 75}),
  ];
  const rows = claimRows(both);
  assert.equal(claim(rows, /prize 1\)$/).ours, "Conv2 −10.0 (k 0.5)");
  assert.equal(claim(rows, /prize 1\), by the brisk recipe/).ours, "Conv2 +0.0 (k 0.5)");
  assert.equal(claim(rows, /deeper.*, by the brisk recipe/).ours, "1 of 1 pairs, mean +5.0 points");
});

test("where the longest preset has no cell that bears on a claim, a shorter one that has speaks", () => {
  const both = [
    ...records("depth", "laptop", {"Conv2 k 0.5": 40, "Conv4 k 0.5": 30}),
    ...records("depth", "night", {"Conv2 k 0.5": 60}),
  ];
  const row = claim(claimRows(both), /deeper/);
  assert.deepEqual([row.standing, row.measured], ["does not hold", "laptop, 3 epochs: 2 cells"]);
});

test("binary activations hold in part where a cell that was run is at chance", () => {
  const both = [
    ...records("depth-binary", "night", {"Conv2 k 0.5": 50, "Conv4 k 0.5": 10}),
    ...records("depth", "night", {"Conv2 k 0.5": 60, "Conv4 k 0.5": 65}),
  ];
  const row = claim(claimRows(both), /prize 3/);
  assert.equal(row.standing, "holds in part");
  assert.match(row.why, /^1 of 2 such cells left chance/);
  assert.match(row.measured, /: 2 cells$/);
  assert.match(row.ours, /^1\/1 from 50\.0 to 50\.0 %; against 1\/32 at the same k −10\.0 to −10\.0 points$/);
});

test("a number of the abstract is reached within a point, else it says by how much it is missed", () => {
  const row = claim(claimRows(records("cifar10", "night", {"ResNet-18 MPT-1/32 +BN": 90})), /94\.8/);
  assert.deepEqual([row.standing, row.ours], ["not reached", "90.0 %"]);
  assert.match(row.why, /−4\.8 points after 20 epochs/);
});
