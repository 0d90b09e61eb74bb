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
  const ledger = new Ledger();
  compareLayers(ledger, parity, observed);
  if (parity.comparableSteps > 0) {
    compareFirstStep(ledger, parity, observed);
    compareCourse(ledger, parity, observed);
    compareUpdates(ledger, parity, observed);
  }
  return ledger.list;
}

/** Collects comparisons: what is told is |ours − theirs| relative to a scale, and what of that is allowed. */
class Ledger {
  readonly list: Comparison[] = [];

  add(quantity: string, where: string, error: number, allowed: number): void {
    this.list.push({quantity, where, error, allowed, pass: error <= allowed});
  }

  exact(quantity: string, where: string, ours: number, theirs: number): void {
    this.add(quantity, where, Math.abs(ours - theirs), 0);
  }

  missing(quantity: string, where: string, allowed = 0): void {
    this.add(quantity, where, Number.POSITIVE_INFINITY, allowed);
  }

  /** Allowed up to `bound` or 20 × noise. */
  one(
    quantity: string,
    where: string,
    ours: number,
    {v, noise}: Expected,
    bound: number,
    scale: number,
  ): void {
    const allowed = Math.max(bound, relative(NOISE_FACTOR * noise, scale));
    this.add(quantity, where, relative(Math.abs(ours - v), scale), allowed);
  }

  /** The worst of all values, relative to the largest. */
  many(quantity: string, where: string, ours: ArrayLike<number>, array: ExpectedArray, bound: number): void {
    const values = array.v.flat();
    const scale = values.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
    const worst = values.reduce((error, v, i) => worse(error, Math.abs(ours[array.i?.[i] ?? i] - v)), 0);
    const allowed = Math.max(bound, relative(NOISE_FACTOR * array.noise, scale));
    this.add(quantity, where, relative(worst, scale), allowed);
  }
}

function isTieRidden({expected}: ParityCase, layer: string): boolean {
  const noise = expected.step0.layers[layer].dS?.relL2Noise;
  return noise !== undefined && noise > TIE_RIDDEN;
}

/** What gradients may differ by where activations lie near a kink. */
function gradientBound({kinkStress = 0}: ParityCase): number {
  return Math.max(1e-4, 3 * kinkStress);
}

/** Masks, gains and effective weights of the start scores, and the first step's score gradients. */
function compareLayers(ledger: Ledger, parity: ParityCase, observed: Observed): void {
  for (const [name, layer] of Object.entries(parity.expected.step0.layers)) {
    const ours = observed.layers.get(name);
    if (ours === undefined) {
      ledger.missing("layers", name);
      continue;
    }
    const {weff, weffSum, weffAbsSum, alpha} = layer;
    ledger.exact("kept", name, ours.kept, layer.kept);
    ledger.exact("zeroWeights", name, ours.zeroWeights, layer.zeroWeights);
    const otherSign = (v: number, i: number): boolean =>
      Math.sign(v) !== Math.sign(ours.effective[weff.i?.[i] ?? i]);
    ledger.exact("weff signs", name, weff.v.flat().filter(otherSign).length, 0);
    ledger.one("alpha", name, ours.alpha, alpha, 1e-6, Math.abs(alpha.v));
    ledger.many("weff", name, ours.effective, weff, 1e-6);
    ledger.one("weffSum", name, sum(ours.effective), weffSum, 1e-6, weffAbsSum.v);
    ledger.one("weffAbsSum", name, sum(ours.effective, Math.abs), weffAbsSum, 1e-6, weffAbsSum.v);
    if (parity.comparableSteps > 0 && layer.dS && !isTieRidden(parity, name)) {
      const {l2, sum: total, samples, relL2Noise} = layer.dS;
      const bound = Math.max(gradientBound(parity), 3 * relL2Noise);
      ledger.many("dS", name, ours.dScores, samples, bound);
      ledger.one("dS l2", name, l2Norm(ours.dScores), l2, bound, l2.v);
      ledger.one("dS sum", name, sum(ours.dScores), total, bound, l2.v);
    }
  }
}

/** Loss, logits and batch norms' gradients of the first step, and their running statistics behind it. */
function compareFirstStep(ledger: Ledger, parity: ParityCase, observed: Observed): void {
  const {step0, runningStatsAfterStep1 = {}} = parity.expected;
  const {loss, logits, bn = {}} = step0;
  if (loss) ledger.one("loss", "step 0", observed.loss, loss, 1e-5, Math.abs(loss.v));
  if (logits) ledger.many("logits", "step 0", observed.logits, logits, 1e-5);
  const bound = gradientBound(parity);
  const none = new Float32Array();
  for (const [name, {dGamma, dBeta, dGammaL2, dBetaL2}] of Object.entries(bn)) {
    const {dGamma: gamma = none, dBeta: beta = none} = observed.batchNormGradients.get(name) ?? {};
    if (dGamma) ledger.many("dGamma", name, gamma, dGamma, bound);
    if (dBeta) ledger.many("dBeta", name, beta, dBeta, bound);
    if (dGammaL2) ledger.one("dGamma", name, l2Norm(gamma), dGammaL2, bound, dGammaL2.v);
    if (dBetaL2) ledger.one("dBeta", name, l2Norm(beta), dBetaL2, bound, dBetaL2.v);
  }
  for (const [name, {mean, var: variance, meanSum, varSum}] of Object.entries(runningStatsAfterStep1)) {
    const ours = observed.runningStatistics.get(name);
    if (ours === undefined) {
      ledger.missing("running statistics", name);
      continue;
    }
    ledger.many("running mean", name, ours.mean, mean, 1e-5);
    ledger.many("running variance", name, ours.variance, variance, 1e-5);
    ledger.one("running mean", name, sum(ours.mean), meanSum, 1e-5, sum(ours.mean, Math.abs));
    ledger.one("running variance", name, sum(ours.variance), varSum, 1e-5, Math.abs(varSum.v));
  }
}

/** Thresholds and losses, step by step. */
function compareCourse(ledger: Ledger, {expected, comparableSteps}: ParityCase, observed: Observed): void {
  const {thresholds, losses} = expected;
  thresholds?.v.slice(0, comparableSteps + 1).forEach((v, step) => {
    const theirs = {v, noise: thresholds.noise ?? 0};
    ledger.one("threshold", `forward ${step}`, observed.thresholds[step], theirs, 1e-4, Math.abs(v));
  });
  losses?.float64.slice(0, comparableSteps).forEach((v, step) => {
    ledger.one("losses", `step ${step}`, observed.losses[step], {v, noise: 0}, 2e-3, Math.max(1, v));
  });
}

/** Masks and scores after the first update and after the last, and the logits that these give. */
function compareUpdates(ledger: Ledger, parity: ParityCase, observed: Observed): void {
  const {comparableSteps, steps, expected} = parity;
  const after = (
    moment: string,
    theirs: Record<string, ExpectedAfter>,
    ours: ReadonlyMap<string, ObservedAfter>,
    share: number,
    l2Bound: number,
  ): void => {
    for (const [name, {maskChanged, kept, scoresL2}] of Object.entries(theirs)) {
      const layer = ours.get(name);
      if (layer === undefined) {
        ledger.missing(`kept ${moment}`, name, 2);
        continue;
      }
      const positions = Math.max(4, share * maskChanged.v, NOISE_FACTOR * maskChanged.noise);
      ledger.add(`maskChanged ${moment}`, name, Math.abs(layer.maskChanged - maskChanged.v), positions);
      ledger.add(`kept ${moment}`, name, Math.abs(layer.kept - kept.v), 2);
      if (!isTieRidden(parity, name))
        ledger.one(`scoresL2 ${moment}`, name, layer.scoresL2, scoresL2, l2Bound, scoresL2.v);
    }
  };
  const {afterUpdate1, afterLast} = expected;
  if (afterUpdate1) after("after update 1", afterUpdate1, observed.afterUpdate1, 1e-3, 1e-5);
  if (afterLast && comparableSteps === steps) {
    after("after last", afterLast.layers, observed.afterLast, 0.05, 1e-4);
    if (afterLast.evalLogits)
      ledger.many("evalLogits", "after last", observed.evalLogits, afterLast.evalLogits, 0.02);
  }
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

function sum(values: Float32Array, of: (value: number) => number = value => value): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function l2Norm(values: Float32Array): number {
  return Math.sqrt(sum(values, value => value * value));
}
