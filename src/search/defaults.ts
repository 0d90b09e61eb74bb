import {UserError} from "../core/errors";
import {fanRules} from "../core/fan";
import {gainRules} from "../core/gain";
import {checkKeepFraction} from "../core/mask";
import {ruleNamed} from "../core/rule";
import {scoreRules} from "../core/scores";
import {weightRules} from "../core/weights";
import {type BatchNormMode, batchNormModes} from "../layers/batchNorm";
import {type Method, methods} from "../layers/method";
import {scoreGradients} from "../layers/scoreGradients";
import {surrogates} from "../layers/surrogates";
import {type ArchitectureName, architectureNames} from "../models/architectures";
import type {Activation} from "../models/operations";
import {checkSchedule} from "../optim/schedule";
import {type OptimizerSpec, precisions, type SearchSpec, scheduleOf} from "./spec";

type Recipe = Pick<SearchSpec, "optimizer" | "learningRate" | "batchSize"> & Partial<SearchSpec>;

const sgd = (weightDecay: number): OptimizerSpec => ({name: "sgd", momentum: 0.9, weightDecay});
const adam: OptimizerSpec = {name: "adam"};

/**
 * The reference's hyper-parameters, from the configurations of chrundle/biprop f709fc5. Adam takes no weight decay
 * there. Where it has no configuration the row says so.
 */
function recipe(
  arch: ArchitectureName,
  activation: Activation,
  method: Method,
  batchNorm: BatchNormMode,
): Recipe {
  if (arch === "digits") return digits(activation, method);
  if (arch.startsWith("conv")) {
    if (method === "dense") return {optimizer: sgd(1e-4), learningRate: 0.01, batchSize: 128};
    if (activation === "relu") return {optimizer: sgd(1e-4), learningRate: 0.1, batchSize: 128};
    return {optimizer: adam, learningRate: 0.1, batchSize: 128};
  }
  if (arch.startsWith("vgg")) {
    // No dense configuration exists; this is the dense ResNet's at VGG's batch size.
    if (method === "dense")
      return {optimizer: sgd(5e-4), learningRate: 0.1, batchSize: 128, batchNorm: "learned"};
    if (activation === "relu") return {optimizer: adam, learningRate: 0.1, batchSize: 128};
    const small = arch === "vgg-small" || batchNorm !== "none";
    return {optimizer: adam, learningRate: small ? 2e-4 : 0.1, batchSize: 128};
  }
  if (method === "dense")
    return {optimizer: sgd(5e-4), learningRate: 0.1, batchSize: 256, batchNorm: "learned"};
  if (activation === "relu") return {optimizer: sgd(5e-4), learningRate: 0.1, batchSize: 256};
  return {optimizer: adam, learningRate: 0.1, batchSize: 256};
}

/** Ours: a ticket of digits in about a minute. */
function digits(activation: Activation, method: Method): Recipe {
  if (method === "dense") return {optimizer: sgd(1e-4), learningRate: 0.02, batchSize: 64, epochs: 15};
  if (activation === "sign") return {optimizer: adam, learningRate: 0.01, batchSize: 64, epochs: 15};
  return {optimizer: sgd(1e-4), learningRate: 0.1, batchSize: 64, epochs: 15};
}

/**
 * A whole spec from what the caller cares about; the rest are the reference's settings for that architecture and
 * activation: 100 epochs, cosine, Kaiming normal weights scaled by 1−k (`kn`), uniform scores, mean |W| as gain.
 * What is wrong is refused with the valid choices.
 */
export function searchSpec(given: Partial<SearchSpec> & Pick<SearchSpec, "arch">): SearchSpec {
  const {arch, activation = "relu", method = "biprop"} = given;
  oneOf("architecture", arch, architectureNames);
  oneOf("activation", activation, ["relu", "sign"]);
  oneOf("method", method, methods);
  const dense = method === "dense";
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
    epochs: 100,
    seed: 0,
    precision: "float32",
    ...recipe(arch, activation, method, given.batchNorm ?? "none"),
    ...withoutUndefined(given),
    arch,
  };
  check(spec);
  return spec;
}

const fields: ReadonlySet<string> = new Set<keyof SearchSpec>([
  "arch",
  "activation",
  "width",
  "method",
  "keepFraction",
  "selection",
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
  "schedule",
  "labelSmoothing",
  "epochs",
  "batchSize",
  "seed",
  "subset",
  "precision",
]);

function check(spec: SearchSpec): void {
  const foreign = Object.keys(spec).find(key => !fields.has(key));
  if (foreign !== undefined)
    throw new UserError(`a spec has no "${foreign}"; it has ${[...fields].join(", ")}`);
  oneOf("batch norm mode", spec.batchNorm, batchNormModes);
  oneOf("selection", spec.selection, ["layerwise", "global"]);
  oneOf("optimizer", spec.optimizer.name, ["sgd", "adam"]);
  oneOf("precision", spec.precision, precisions);
  positiveInteger("epochs", spec.epochs, 0);
  positiveInteger("batchSize", spec.batchSize, 1);
  if (spec.method === "dense" && spec.keepFraction !== 1) {
    throw new UserError(
      `dense training keeps every weight: leave keepFraction out, or give 1, not ${spec.keepFraction}`,
    );
  }
  positiveInteger("seed", spec.seed, 0);
  if (spec.subset !== undefined) positiveInteger("subset", spec.subset, 1);
  asUserError(() => {
    ruleNamed("weight initialisation", weightRules, spec.weights);
    ruleNamed("fan rule", fanRules, spec.fan);
    ruleNamed("score initialisation", scoreRules, spec.scores);
    ruleNamed("gain rule", gainRules, spec.gain);
    ruleNamed("score gradient", scoreGradients, spec.scoreGradient);
    ruleNamed("activation surrogate", surrogates, spec.surrogate);
    checkKeepFraction(spec.keepFraction);
    checkSchedule(scheduleOf(spec));
  });
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
