import assert from "node:assert/strict";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import type {Expected, ExpectedArray, ParityCase} from "../../src/parity/caseFile";
import {type Comparison, compareCase, worstByQuantity} from "../../src/parity/compare";
import {type Observed, replay} from "../../src/parity/replay";
import {expectationOf, smallCase} from "./smallCase";

type Expectation = ParityCase["expected"];

let observed: Observed;
before(async () => {
  await useBackend("auto");
  observed = await replay(smallCase());
});

/** The case that our own run meets exactly, with something changed. */
function caseWith(change: (expected: Expectation, parity: ParityCase) => void): ParityCase {
  const parity = {...smallCase(), expected: structuredClone(expectationOf(observed))};
  change(parity.expected, parity);
  return parity;
}
const failures = (parity: ParityCase): Comparison[] =>
  compareCase(parity, observed).filter(({pass}) => !pass);
const quantities = (list: readonly Comparison[]): Set<string> => new Set(list.map(({quantity}) => quantity));

const largestIndex = (v: number[]): number =>
  v.reduce((best, value, i) => (Math.abs(value) > Math.abs(v[best]) ? i : best), 0);
/** Changes one entry by a share of the array's largest; not the largest itself, which would move the scale. */
const nudge = (array: ExpectedArray | undefined, share: number): void => {
  const v = array!.v as number[];
  const largest = largestIndex(v);
  const other = v.findIndex((value, i) => i !== largest && value !== 0);
  v[other] += share * Math.abs(v[largest]);
};
const shift = (value: Expected | undefined, by: number): void => {
  value!.v += by;
};
const stretch = (value: Expected | undefined, share: number): void => shift(value, share * value!.v);

/** Each kind of expected value: what its failure is called, its tolerance, and how to move it by a share. */
const kinds: [string, number, (e: Expectation, share: number) => void][] = [
  ["alpha", 1e-6, (e, share) => stretch(e.step0.layers.c.alpha, share)],
  ["weff", 1e-6, (e, share) => nudge(e.step0.layers.c.weff, share)],
  ["weffSum", 1e-6, ({step0: {layers}}, share) => shift(layers.f.weffSum, share * layers.f.weffAbsSum.v)],
  ["weffAbsSum", 1e-6, (e, share) => stretch(e.step0.layers.f.weffAbsSum, share)],
  ["dS", 1e-4, (e, share) => nudge(e.step0.layers.c.dS.samples, share)],
  ["dS l2", 1e-4, (e, share) => stretch(e.step0.layers.c.dS.l2, share)],
  ["dS sum", 1e-4, ({step0: {layers}}, share) => shift(layers.f.dS.sum, share * layers.f.dS.l2.v)],
  ["loss", 1e-5, (e, share) => stretch(e.step0.loss, share)],
  ["logits", 1e-5, (e, share) => nudge(e.step0.logits, share)],
  ["dGamma", 1e-4, (e, share) => nudge(e.step0.bn?.b.dGamma, share)],
  ["dBeta", 1e-4, (e, share) => nudge(e.step0.bn?.b.dBeta, share)],
  ["dGamma", 1e-4, (e, share) => stretch(e.step0.bn?.b.dGammaL2, share)],
  ["dBeta", 1e-4, (e, share) => stretch(e.step0.bn?.b.dBetaL2, share)],
  ["running mean", 1e-5, (e, share) => nudge(e.runningStatsAfterStep1?.b.mean, share)],
  ["running variance", 1e-5, (e, share) => nudge(e.runningStatsAfterStep1?.b.var, share)],
  ["running variance", 1e-5, (e, share) => stretch(e.runningStatsAfterStep1?.b.varSum, share)],
  [
    "running mean",
    1e-5,
    (e, share) => {
      const {meanSum, mean} = e.runningStatsAfterStep1!.b;
      shift(meanSum, share * (mean.v as number[]).reduce((total, m) => total + Math.abs(m), 0));
    },
  ],
  ["threshold", 1e-4, ({thresholds}, share) => (thresholds!.v[2] *= 1 + share)],
  ["losses", 2e-3, ({losses}, share) => (losses!.float64[1] += share * Math.max(1, losses!.float64[1]))],
  ["scoresL2 after update 1", 1e-5, (e, share) => stretch(e.afterUpdate1?.c.scoresL2, share)],
  ["scoresL2 after last", 1e-4, (e, share) => stretch(e.afterLast?.layers.f.scoresL2, share)],
  ["evalLogits", 2e-2, (e, share) => nudge(e.afterLast?.evalLogits, share)],
];
for (const [quantity, tolerance, move] of kinds) {
  test(`${quantity} moved by 1.1 times its tolerance ${tolerance} fails, by 0.9 times passes`, () => {
    const failed = failures(caseWith(expected => move(expected, 1.1 * tolerance)));
    assert.deepEqual(quantities(failed), new Set([quantity]));
    assert.equal(failed.length, 1);
    assert.ok(failed[0].error > failed[0].allowed);
    assert.deepEqual(failures(caseWith(expected => move(expected, 0.9 * tolerance))), []);
  });
}

const counts: [string, number, (e: Expectation, by: number) => void][] = [
  ["kept", 0, (e, by) => (e.step0.layers.c.kept += by)],
  ["zeroWeights", 0, (e, by) => (e.step0.layers.c.zeroWeights += by)],
  ["maskChanged after update 1", 4, (e, by) => shift(e.afterUpdate1?.c.maskChanged, by)],
  ["kept after update 1", 2, (e, by) => shift(e.afterUpdate1?.c.kept, by)],
  ["maskChanged after last", 4, (e, by) => shift(e.afterLast?.layers.c.maskChanged, by)],
  ["kept after last", 2, (e, by) => shift(e.afterLast?.layers.c.kept, by)],
];
for (const [quantity, allowed, move] of counts) {
  test(`${quantity} may be off by ${allowed}, not by ${allowed + 1}`, () => {
    assert.deepEqual(failures(caseWith(expected => move(expected, allowed))), []);
    const failed = failures(caseWith(expected => move(expected, allowed + 1)));
    assert.deepEqual(quantities(failed), new Set([quantity]));
  });
}

test("our own run meets its own expectation, with every quantity of a case compared", () => {
  const comparisons = compareCase(
    caseWith(() => {}),
    observed,
  );
  assert.deepEqual(
    comparisons.filter(({error}) => error > 1e-12),
    [],
  );
  const covered = [
    ...kinds.map(([quantity]) => quantity),
    ...counts.map(([quantity]) => quantity),
    "weff signs",
  ];
  assert.deepEqual(quantities(comparisons), new Set(covered));
});

test("an effective weight of the other sign, or zero instead of not, fails whatever its size", () => {
  const flips: ((v: number) => number)[] = [v => -v, () => 0];
  for (const flip of flips) {
    const failed = failures(
      caseWith(({step0}) => {
        const v = step0.layers.f.weff.v as number[];
        const i = v.findIndex(value => value !== 0);
        v[i] = flip(v[i]);
        step0.layers.f.weff.noise = 1e6;
      }),
    );
    assert.deepEqual(quantities(failed), new Set(["weff signs"]));
  }
});

test("noise widens a tolerance to twenty times itself", () => {
  const moved = (times: number): ParityCase =>
    caseWith(({step0: {loss}}) => {
      loss!.noise = 1e-3;
      loss!.v += times * 1e-3;
    });
  assert.deepEqual(failures(moved(19)), []);
  assert.equal(failures(moved(21)).length, 1);
});

test("kink stress and the reference's own noise widen the bound of score gradients threefold", () => {
  const move = (e: Expectation): void => nudge(e.step0.layers.c.dS.samples, 2.9e-3);
  assert.equal(failures(caseWith(move)).length, 1);
  const stressed = caseWith((e, parity) => {
    move(e);
    parity.kinkStress = 1e-3;
  });
  assert.deepEqual(failures(stressed), []);
  const noisy = caseWith(e => {
    move(e);
    e.step0.layers.c.dS.relL2Noise = 1e-3;
  });
  assert.deepEqual(failures(noisy), []);
});

test("of a layer upstream of exact ties neither score gradients nor score norms are compared", () => {
  const ridden = caseWith(e => {
    e.step0.layers.c.dS.relL2Noise = 0.2;
  });
  const about = compareCase(ridden, observed)
    .filter(({where}) => where === "c")
    .map(({quantity}) => quantity);
  assert.ok(about.includes("alpha") && about.includes("kept after last"));
  assert.ok(
    !about.some(quantity => quantity.startsWith("dS") || quantity.startsWith("scoresL2")),
    `${about}`,
  );
});

test("steps beyond the comparable ones are not compared, and without any only masks, gains and weights are", () => {
  const some = compareCase(
    caseWith((e, parity) => {
      parity.comparableSteps = 1;
      e.losses!.float64[1] = 99;
      e.thresholds!.v[2] = 99;
      e.afterLast!.layers.c.scoresL2.v = 99;
    }),
    observed,
  );
  assert.ok(some.every(({pass}) => pass));
  assert.ok(!quantities(some).has("evalLogits"));
  const none = compareCase(
    caseWith((_, parity) => {
      parity.comparableSteps = 0;
    }),
    observed,
  );
  assert.deepEqual(
    quantities(none),
    new Set(["kept", "zeroWeights", "weff signs", "alpha", "weff", "weffSum", "weffAbsSum"]),
  );
});

test("what is not a number, or missing on our side, fails", () => {
  const broken: [string, (o: Observed) => void][] = [
    ["loss", o => (o.loss = Number.NaN)],
    ["logits", o => (o.logits[3] = Number.NaN)],
    ["logits", o => (o.logits = o.logits.subarray(1))],
    ["threshold", o => o.thresholds.pop()],
    ["losses", o => o.losses.pop()],
    ["layers", o => o.layers.delete("c")],
    ["running statistics", o => o.runningStatistics.clear()],
    ["dGamma", o => o.batchNormGradients.clear()],
    ["kept after update 1", o => o.afterUpdate1.delete("c")],
  ];
  const parity = caseWith(() => {});
  for (const [quantity, spoil] of broken) {
    const ours = structuredClone(observed);
    spoil(ours);
    const failed = compareCase(parity, ours).filter(({pass}) => !pass);
    assert.ok(quantities(failed).has(quantity), `${quantity}: ${[...quantities(failed)]}`);
  }
});

test("worstByQuantity names each quantity once, with the comparison nearest to its limit", () => {
  const of = (quantity: string, where: string, error: number, allowed: number): Comparison => ({
    quantity,
    where,
    error,
    allowed,
    pass: error <= allowed,
  });
  const worst = worstByQuantity([
    of("a", "small", 1, 10),
    of("a", "near", 1, 2),
    of("a", "far", 9, 100),
    of("b", "exact", 0, 0),
    of("b", "wrong", 1, 0),
    of("c", "fine", 1, 2),
    of("c", "broken", Number.NaN, 2),
    of("c", "fine too", 1, 2),
  ]);
  assert.deepEqual(
    worst.map(({quantity, where}) => `${quantity} ${where}`),
    ["a near", "b wrong", "c broken"],
  );
});
