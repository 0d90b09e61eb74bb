import assert from "node:assert/strict";
import {test} from "node:test";
import {checkClaims, effectRows, effectsOf, effectText} from "../../src/experiments/show/effects";
import {meansOverSeeds, type ResultRow} from "../../src/experiments/show/rows";

/** Rows of one place, a seed each; null is a run that diverged. */
function place(curve: string, x: string, accuracies: readonly (number | null)[]): ResultRow[] {
  return accuracies.map((testAccuracy, seed) => ({
    ...({} as ResultRow),
    ...{curve, x, seed, testAccuracy, label: `${curve} ${x}`, id: `${x} ${seed}`},
    leftChance: testAccuracy === null ? null : Math.abs(testAccuracy - 10) > 2,
  }));
}
const base = place("gain", "mean-kept", [30, 32, 34]);

test("an effect is the mean of the seeds' differences, ± their own standard deviation", () => {
  const rows = [...base, ...place("gain", "unit", [33, 36, 37])];
  const [own, unit] = effectsOf(rows, ["gain", "mean-kept"]);
  assert.equal(own.verdict, "the default");
  assert.deepEqual([own.mean, own.sd, own.difference], [32, 2, 0]);
  assert.ok(Math.abs(unit.difference - 10 / 3) < 1e-12);
  assert.ok(Math.abs(unit.differenceSd - Math.sqrt(1 / 3)) < 1e-12, "differences 3, 4, 3");
  assert.equal(unit.verdict, "higher");
});

test("an effect reads as points ± deviation, and as a row", () => {
  const rows = [...base, ...place("gain", "one", [10, 10.5, 11])];
  const effects = effectsOf(rows, ["gain", "mean-kept"]);
  assert.equal(effectText(effects[1]), "−21.5 ± 1.5");
  assert.deepEqual(effectRows(effects), [
    {
      setting: "gain: mean-kept",
      seeds: 3,
      "test accuracy (%)": "32.0 ± 2.0",
      "less the default (points)": "",
      "what is seen": "the default",
    },
    {
      setting: "gain: one",
      seeds: 3,
      "test accuracy (%)": "10.5 ± 0.5",
      "less the default (points)": "−21.5 ± 1.5",
      "what is seen": "at chance",
    },
  ]);
});

test("rows of two presets are told apart from seeds: one seed twice at a place is refused", () => {
  const twice = [...base, ...place("gain", "mean-kept", [50, 52, 54]), ...place("gain", "one", [1, 2, 3])];
  const refused = {
    name: "UserError",
    message: /^two rows of seed 0 stand at gain, mean-kept: give the rows of one preset/,
  };
  assert.throws(() => effectsOf(twice, ["gain", "mean-kept"]), refused);
  assert.throws(() => meansOverSeeds(twice), refused);
  assert.equal(meansOverSeeds(base).length, 1);
});

test("three deviations and a point are needed to name an effect", () => {
  const verdict = (accuracies: readonly (number | null)[]): string =>
    effectsOf([...base, ...place("gain", "other", accuracies)], ["gain", "mean-kept"])[1].verdict;
  assert.equal(verdict([30.9, 32.9, 34.9]), "no difference seen", "0.9 points, however steady");
  assert.equal(verdict([31.1, 33.1, 35.1]), "higher");
  assert.equal(verdict([25, 27, 29]), "lower");
  assert.equal(verdict([30, 36, 36]), "no difference seen", "0, 4, 2: 2 ± 2");
  assert.equal(verdict([20, 27, 32]), "not resolved", "−10, −5, −2: large, and scattered");
});

test("the default is what has its searches, on whatever curve; another setting that ends alike is none", () => {
  const rows = [
    ...base,
    ...place("rule", "mean-kept", [30, 32, 34]),
    ...place("gain", "rms-kept", [30, 32, 34]),
  ];
  const verdicts = effectsOf(rows, ["gain", "mean-kept"]).map(each => each.verdict);
  assert.deepEqual(verdicts, ["the default", "the default", "no difference seen"]);
});

test("no order is claimed of a place whose seeds are all within 2 points of chance", () => {
  const verdict = (accuracies: readonly number[]): string =>
    effectsOf([...base, ...place("gain", "one", accuracies)], ["gain", "mean-kept"])[1].verdict;
  assert.equal(verdict([10, 11.9, 8.1]), "at chance");
  assert.equal(verdict([10, 12.1, 8.1]), "lower");
});

test("claims are held against the effects, and those that fail are named", () => {
  const effects = effectsOf([...base, ...place("gain", "one", [10, 10.5, 11])], ["gain", "mean-kept"]);
  checkClaims(effects, [["gain", "one", "−21.5 ± 1.5", "at chance"]]);
  assert.throws(
    () =>
      checkClaims(effects, [
        ["gain", "one", "−21.5 ± 1.5", "lower"],
        ["gain", "two", "+1.0 ± 0.1", "higher"],
      ]),
    {
      message:
        "gain: one is −21.5 ± 1.5, at chance, the text says −21.5 ± 1.5, lower\n" +
        "gain: two is not recorded, the text says +1.0 ± 0.1, higher",
    },
  );
});

test("where the default itself is at chance a place has left it or not, and is no amount higher", () => {
  const rows = [...place("rule", "a", [10, 10.5, 9.5]), ...place("rule", "b", [25, 26, 24])];
  const verdicts = (x: string): string[] => effectsOf(rows, ["rule", x]).map(each => each.verdict);
  assert.deepEqual(verdicts("a"), ["the default", "left chance"]);
  assert.deepEqual(verdicts("b"), ["at chance", "the default"]);
});

test("only seeds that both places finished count, and a single one tells nothing", () => {
  const two = effectsOf([...base, ...place("gain", "rms", [31, null, 35])], ["gain", "mean-kept"]);
  assert.deepEqual([two[1].seeds, two[1].difference], [2, 1]);
  const one = effectsOf([...base, ...place("gain", "rms", [31, null, null])], ["gain", "mean-kept"]);
  assert.equal(one.length, 1);
});

test("a default that was not run is refused", () => {
  assert.throws(() => effectsOf(base, ["gain", "unit"]), /nothing is recorded at gain, unit/);
});
