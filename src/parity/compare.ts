import type {Expected, ExpectedAfter, ExpectedArray, ParityCase} from "./caseFile";
import type {Observed, ObservedAfter} from "./replay";

/** One compared quantity: the worst error over all its values, relative to what it is measured by. */
export interface Comparison {
  readonly quantity: string;
  readonly where: string;
  readonly error: number;
  readonly allowed: number;
  readonly pass: boolean;
}

const NOISE_FACTOR = 20;
/** Score gradients of layers upstream of exact ties differ from run to run of the reference itself. */
const TIE_RIDDEN = 0.1;

/** Every comparison that a case supports, within the tolerances that fit a float32 implementation. */
export function compareCase(parity: ParityCase, observed: Observed): Comparison[] {
  const {expected, comparableSteps, steps} = parity;
  const list: Comparison[] = [];
  const add = (quantity: string, where: string, error: number, allowed: number): void => {
    list.push({quantity, where, error, allowed, pass: error <= allowed});
  };
  /** |ours − v| relative to `scale`, allowed up to `bound` or 20 × noise. */
  const one = (
    quantity: string,
    where: string,
    ours: number,
    {v, noise}: Expected,
    bound: number,
    scale: number,
  ): void =>
    add(
      quantity,
      where,
      relative(Math.abs(ours - v), scale),
      Math.max(bound, relative(NOISE_FACTOR * noise, scale)),
    );
  const many = (
    quantity: string,
    where: string,
    ours: ArrayLike<number>,
    array: ExpectedArray,
    bound: number,
  ): void => {
    const values = array.v.flat();
    const scale = values.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
    const worst = values.reduce((error, v, i) => worse(error, Math.abs(ours[array.i?.[i] ?? i] - v)), 0);
    add(
      quantity,
      where,
      relative(worst, scale),
      Math.max(bound, relative(NOISE_FACTOR * array.noise, scale)),
    );
  };
  const exact = (quantity: string, where: string, ours: number, theirs: number): void =>
    add(quantity, where, Math.abs(ours - theirs), 0);
  const tieRidden = (layer: string): boolean => expected.step0.layers[layer].dS?.relL2Noise > TIE_RIDDEN;

  for (const [name, layer] of Object.entries(expected.step0.layers)) {
    const ours = observed.layers.get(name);
    if (ours === undefined) {
      add("layers", name, Number.POSITIVE_INFINITY, 0);
      continue;
    }
    exact("kept", name, ours.kept, layer.kept);
    exact("zeroWeights", name, ours.zeroWeights, layer.zeroWeights);
    const signs = layer.weff.v
      .flat()
      .filter((v, i) => Math.sign(v) !== Math.sign(ours.effective[layer.weff.i?.[i] ?? i]));
    exact("weff signs", name, signs.length, 0);
    one("alpha", name, ours.alpha, layer.alpha, 1e-6, Math.abs(layer.alpha.v));
    many("weff", name, ours.effective, layer.weff, 1e-6);
    const absSum = layer.weffAbsSum.v;
    one(
      "weffSum",
      name,
      sum(ours.effective, w => w),
      layer.weffSum,
      1e-6,
      absSum,
    );
    one("weffAbsSum", name, sum(ours.effective, Math.abs), layer.weffAbsSum, 1e-6, absSum);
    if (comparableSteps > 0 && layer.dS && !tieRidden(name)) {
      const {l2, sum: total, samples, relL2Noise} = layer.dS;
      const r = Math.max(1e-4, 3 * (parity.kinkStress ?? 0), 3 * relL2Noise);
      many("dS", name, ours.dScores, samples, r);
      one("dS l2", name, Math.sqrt(sum(ours.dScores, d => d * d)), l2, r, l2.v);
      one(
        "dS sum",
        name,
        sum(ours.dScores, d => d),
        total,
        r,
        l2.v,
      );
    }
  }
  if (comparableSteps === 0) return list;

  const {loss, logits, bn = {}} = expected.step0;
  if (loss) one("loss", "step 0", observed.loss, loss, 1e-5, Math.abs(loss.v));
  if (logits) many("logits", "step 0", observed.logits, logits, 1e-5);
  const bnBound = Math.max(1e-4, 3 * (parity.kinkStress ?? 0));
  for (const [name, {dGamma, dBeta, dGammaL2, dBetaL2}] of Object.entries(bn)) {
    const ours = observed.batchNormGradients.get(name);
    const l2 = (d: Float32Array): number => Math.sqrt(sum(d, x => x * x));
    if (dGamma) many("dGamma", name, ours?.dGamma ?? [], dGamma, bnBound);
    if (dBeta) many("dBeta", name, ours?.dBeta ?? [], dBeta, bnBound);
    if (dGammaL2) one("dGamma", name, l2(ours?.dGamma ?? new Float32Array()), dGammaL2, bnBound, dGammaL2.v);
    if (dBetaL2) one("dBeta", name, l2(ours?.dBeta ?? new Float32Array()), dBetaL2, bnBound, dBetaL2.v);
  }
  for (const [name, {mean, var: variance, meanSum, varSum}] of Object.entries(
    expected.runningStatsAfterStep1 ?? {},
  )) {
    const ours = observed.runningStatistics.get(name);
    if (ours === undefined) {
      add("running statistics", name, Number.POSITIVE_INFINITY, 0);
      continue;
    }
    many("running mean", name, ours.mean, mean, 1e-5);
    many("running variance", name, ours.variance, variance, 1e-5);
    one(
      "running mean",
      name,
      sum(ours.mean, x => x),
      meanSum,
      1e-5,
      sum(ours.mean, Math.abs),
    );
    one(
      "running variance",
      name,
      sum(ours.variance, x => x),
      varSum,
      1e-5,
      Math.abs(varSum.v),
    );
  }
  expected.thresholds?.v.slice(0, comparableSteps + 1).forEach((v, step) => {
    const noise = expected.thresholds?.noise ?? 0;
    one("threshold", `forward ${step}`, observed.thresholds[step], {v, noise}, 1e-4, Math.abs(v));
  });
  expected.losses?.float64.slice(0, comparableSteps).forEach((v, step) => {
    one("losses", `step ${step}`, observed.losses[step], {v, noise: 0}, 2e-3, Math.max(1, v));
  });
  const compareAfter = (
    moment: string,
    theirs: Record<string, ExpectedAfter>,
    ours: ReadonlyMap<string, ObservedAfter>,
    share: number,
    l2Bound: number,
  ): void => {
    for (const [name, {maskChanged, kept, scoresL2}] of Object.entries(theirs)) {
      const layer = ours.get(name);
      if (layer === undefined) {
        add(`kept ${moment}`, name, Number.POSITIVE_INFINITY, 2);
        continue;
      }
      const positions = Math.max(4, share * maskChanged.v, NOISE_FACTOR * maskChanged.noise);
      add(`maskChanged ${moment}`, name, Math.abs(layer.maskChanged - maskChanged.v), positions);
      add(`kept ${moment}`, name, Math.abs(layer.kept - kept.v), 2);
      if (!tieRidden(name)) one(`scoresL2 ${moment}`, name, layer.scoresL2, scoresL2, l2Bound, scoresL2.v);
    }
  };
  if (expected.afterUpdate1)
    compareAfter("after update 1", expected.afterUpdate1, observed.afterUpdate1, 1e-3, 1e-5);
  if (expected.afterLast && comparableSteps === steps) {
    compareAfter("after last", expected.afterLast.layers, observed.afterLast, 0.05, 1e-4);
    if (expected.afterLast.evalLogits)
      many("evalLogits", "after last", observed.evalLogits, expected.afterLast.evalLogits, 0.02);
  }
  return list;
}

/** For each quantity the comparison that comes nearest to, or furthest over, what it is allowed. */
export function worstByQuantity(comparisons: readonly Comparison[]): Comparison[] {
  const worst = new Map<string, Comparison>();
  const strain = ({error, allowed}: Comparison): number => {
    if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
    return allowed > 0 ? error / allowed : error > 0 ? Number.POSITIVE_INFINITY : 0;
  };
  for (const each of comparisons) {
    const known = worst.get(each.quantity);
    if (known === undefined || strain(each) > strain(known)) worst.set(each.quantity, each);
  }
  return [...worst.values()];
}

function relative(error: number, scale: number): number {
  return scale > 0 ? error / scale : error;
}

/** The larger error; one that is not a number is worse than any. */
function worse(a: number, b: number): number {
  return Number.isNaN(b) ? Number.POSITIVE_INFINITY : Math.max(a, b);
}

function sum(values: Float32Array, of: (value: number) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
