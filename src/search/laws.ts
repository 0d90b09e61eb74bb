import {UserError} from "../core/errors";
import {checkSchedule} from "../optim/schedule";
import {checkRamp} from "./ramp";
import {type SearchSpec, scheduleOf} from "./spec";

function inUnitsOfScores(scoreRate: SearchSpec["scoreRate"]): boolean {
  return scoreRate === "relative" || scoreRate === "normalised";
}

/** What settings demand of one another: what is wrong with a spec, or nothing. Each value alone is its row's affair. */
const laws: readonly ((spec: SearchSpec) => string | false)[] = [
  ({method, keepFraction}) =>
    method === "dense" &&
    keepFraction !== 1 &&
    `dense training keeps every weight: leave keepFraction out, or give 1, not ${keepFraction}`,
  // Adam has decay rates of its own; what only SGD has would be ignored.
  ({optimizer: {name, momentum, nesterov}}) =>
    name === "adam" &&
    (momentum !== undefined || nesterov === true) &&
    `adam takes no ${momentum === undefined ? "nesterov" : "momentum"}: leave it out, or choose optimizer sgd`,
  ({optimizer: {nesterov, momentum = 0}}) =>
    nesterov === true &&
    momentum === 0 &&
    "nesterov needs a momentum above 0: give one, or leave nesterov out",
  ({method, scores}) =>
    method === "random-mask" &&
    (scores === "constant" || scores === "magnitude") &&
    `a random mask needs random scores, uniform or normal, not ${scores}`,
  ({method, selection}) =>
    method === "random-mask" &&
    selection === "global" &&
    "a random mask is drawn layer by layer: choose layerwise",
  ({scoreRate, optimizer}) =>
    inUnitsOfScores(scoreRate) &&
    optimizer.name === "adam" &&
    `Adam's steps do not depend on the gradient's size: a ${scoreRate} score rate goes with sgd`,
  ({scoreRate, method, tuneBatchNorm}) =>
    inUnitsOfScores(scoreRate) &&
    (method === "dense" || method === "random-mask" || tuneBatchNorm) &&
    `a ${scoreRate} score rate goes with a search of scores (biprop or edge-popup)`,
  ({fan, keepFraction}) =>
    fan === "pruned" &&
    keepFraction === 1 &&
    "fan rule pruned divides by fan·(1−k), which is 0 at keepFraction 1: choose fan kept or none",
  ({tuneBatchNorm, batchNorm}) =>
    tuneBatchNorm &&
    batchNorm !== "learned" &&
    batchNorm !== "bias" &&
    "tuning batch norm alone needs batch norm learned or bias: with frozen values nothing is trained",
];

/** Throws a UserError, in one line, for a spec whose settings contradict one another. */
export function checkLaws(spec: SearchSpec): void {
  for (const law of laws) {
    const wrong = law(spec);
    if (wrong) throw new UserError(wrong);
  }
  try {
    checkSchedule(scheduleOf(spec));
  } catch (error) {
    throw new UserError((error as Error).message);
  }
  checkRamp(spec);
}
