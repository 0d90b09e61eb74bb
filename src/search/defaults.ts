import {UserError} from "../core/errors";
import {fanRules} from "../core/fan";
import {gainRuleOf} from "../core/layerGain";
import {checkKeepFraction} from "../core/mask";
import {rankings} from "../core/ranking";
import {ruleNamed} from "../core/rule";
import {scoreRules} from "../core/scores";
import {weightRules} from "../core/weights";
import {methods} from "../layers/method";
import {scoreGradients} from "../layers/scoreGradients";
import {surrogates} from "../layers/surrogates";
import {architectureNames} from "../network/architectures";
import {batchNormModes} from "../network/batchNormMode";
import {checkSchedule} from "../optim/schedule";
import {checkRamp, usualRamp} from "./ramp";
import {randomMaskEpochs, recipe} from "./recipe";
import {precisions, type SearchSpec, scheduleOf} from "./spec";

const USUAL_EPOCHS = 100;

/**
 * A whole spec from what the caller cares about; the rest are the reference's settings for that architecture and
 * activation: 100 epochs, cosine, Kaiming normal weights scaled by 1−k (`kn`), uniform scores, mean |W| as gain.
 * What is wrong is refused with the valid choices.
 */
export function searchSpec(given: Partial<SearchSpec> & Pick<SearchSpec, "arch">): SearchSpec {
  const {arch, activation = "relu", method = "biprop", batchNorm: mode = "none"} = given;
  oneOf("architecture", arch, architectureNames);
  oneOf("activation", activation, ["relu", "sign"]);
  oneOf("method", method, methods);
  const dense = method === "dense";
  const asked =
    given.epochs ?? (method === "random-mask" ? randomMaskEpochs(arch, activation, mode) : undefined);
  const spec: SearchSpec = {
    activation,
    width: 1,
    method,
    keepFraction: dense ? 1 : 0.5,
    selection: "layerwise",
    weights: "kaiming-normal",
    fan: dense ? "none" : "pruned",
    scores: "uniform",
    gain: "mean-kept",
    scoreGradient: "straight-through",
    surrogate: "bi-real",
    batchNorm: "none",
    tuneBatchNorm: false,
    schedule: {name: "cosine"},
    labelSmoothing: 0,
    epochs: USUAL_EPOCHS,
    seed: 0,
    precision: "float32",
    ...recipe(arch, activation, method, mode, asked ?? USUAL_EPOCHS),
    ...withoutUndefined({...given, epochs: asked}),
    arch,
  };
  const {selection, ramp = selection === "global" ? usualRamp(spec.keepFraction, spec.epochs) : undefined} =
    spec;
  const whole = ramp === undefined ? spec : {...spec, ramp};
  check(whole);
  return whole;
}

const fields: ReadonlySet<string> = new Set<keyof SearchSpec>([
  "arch",
  "activation",
  "width",
  "method",
  "keepFraction",
  "selection",
  "ranking",
  "ramp",
  "weights",
  "fan",
  "scores",
  "gain",
  "scoreGradient",
  "surrogate",
  "batchNorm",
  "tuneBatchNorm",
  "optimizer",
  "learningRate",
  "scoreRate",
  "schedule",
  "labelSmoothing",
  "epochs",
  "batchSize",
  "batchParts",
  "seed",
  "batchSeed",
  "subset",
  "interimTestImages",
  "precision",
]);

function check(spec: SearchSpec): void {
  const foreign = Object.keys(spec).find(key => !fields.has(key));
  if (foreign !== undefined)
    throw new UserError(`a spec has no "${foreign}"; it has ${[...fields].join(", ")}`);
  oneOf("batch norm mode", spec.batchNorm, batchNormModes);
  oneOf("selection", spec.selection, ["layerwise", "global"]);
  if (spec.ranking !== undefined) oneOf("ranking", spec.ranking, rankings);
  oneOf("optimizer", spec.optimizer.name, ["sgd", "adam"]);
  checkOptimizer(spec.optimizer);
  oneOf("precision", spec.precision, precisions);
  positiveInteger("epochs", spec.epochs, 0);
  positiveInteger("batchSize", spec.batchSize, 1);
  if (spec.method === "dense" && spec.keepFraction !== 1) {
    throw new UserError(
      `dense training keeps every weight: leave keepFraction out, or give 1, not ${spec.keepFraction}`,
    );
  }
  positiveInteger("seed", spec.seed, 0);
  if (spec.batchSeed !== undefined) positiveInteger("batchSeed", spec.batchSeed, 0);
  if (spec.batchParts !== undefined) positiveInteger("batchParts", spec.batchParts, 1);
  if (spec.subset !== undefined) positiveInteger("subset", spec.subset, 1);
  if (spec.interimTestImages !== undefined) positiveInteger("interimTestImages", spec.interimTestImages, 1);
  asUserError(() => {
    ruleNamed("weight initialisation", weightRules, spec.weights);
    ruleNamed("fan rule", fanRules, spec.fan);
    ruleNamed("score initialisation", scoreRules, spec.scores);
    gainRuleOf(spec.gain);
    ruleNamed("score gradient", scoreGradients, spec.scoreGradient);
    ruleNamed("activation surrogate", surrogates, spec.surrogate);
    checkKeepFraction(spec.keepFraction);
    checkSchedule(scheduleOf(spec));
  });
  if (spec.method === "random-mask") checkRandomMask(spec);
  checkRamp(spec);
  if (spec.scoreRate !== undefined) checkScoreRate(spec);
  if (spec.fan === "pruned" && spec.keepFraction === 1) {
    throw new UserError(
      "fan rule pruned divides by fan·(1−k), which is 0 at keepFraction 1: choose fan kept or none",
    );
  }
  if (spec.tuneBatchNorm && spec.batchNorm !== "learned" && spec.batchNorm !== "bias") {
    throw new UserError(
      "tuning batch norm alone needs batch norm learned or bias: with frozen values nothing is trained",
    );
  }
}

/** Adam has decay rates of its own; what only SGD has would be ignored. */
function checkOptimizer({name, momentum, nesterov}: SearchSpec["optimizer"]): void {
  if (name !== "adam" || (momentum === undefined && !nesterov)) return;
  const foreign = momentum === undefined ? "nesterov" : "momentum";
  throw new UserError(`adam takes no ${foreign}: leave it out, or choose optimizer sgd`);
}

function checkScoreRate({scoreRate = "absolute", method, optimizer, tuneBatchNorm}: SearchSpec): void {
  oneOf("score rate", scoreRate, ["absolute", "relative"]);
  if (scoreRate === "absolute") return;
  if (optimizer.name === "adam")
    throw new UserError(
      "Adam's steps do not depend on the gradient's size: a relative score rate goes with sgd",
    );
  if (method === "dense" || method === "random-mask" || tuneBatchNorm)
    throw new UserError("a relative score rate goes with a search of scores (biprop or edge-popup)");
}

function checkRandomMask({scores, selection}: SearchSpec): void {
  if (scores === "constant" || scores === "magnitude")
    throw new UserError(`a random mask needs random scores, uniform or normal, not ${scores}`);
  if (selection === "global") throw new UserError("a random mask is drawn layer by layer: choose layerwise");
}

function oneOf(what: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value))
    throw new UserError(`unknown ${what} "${value}"; choose ${choices.join(", ")}`);
}

function positiveInteger(what: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new UserError(`${what} must be a whole number of at least ${least}, got ${value}`);
  }
}

/** Runs checks of the library whose failures are the caller's input. */
function asUserError(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

function withoutUndefined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}
