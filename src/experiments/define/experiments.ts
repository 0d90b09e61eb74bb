import {suggestion} from "../../core/choice";
import {UserError} from "../../core/errors";
import {hyperParameters, initialisation, stability} from "../definitions/ablations";
import {batchNorm} from "../definitions/batchNorm";
import {depthBrisk, slimBrisk} from "../definitions/brisk";
import {cifar10Binary, cifar10Real} from "../definitions/cifar10";
import {deep} from "../definitions/deep";
import {depth, depthBinary} from "../definitions/depth";
import {imagenetBinary, imagenetReal} from "../definitions/imagenet";
import {overview} from "../definitions/overview";
import {pilot, scaling} from "../definitions/scaling";
import {slimGain, slimMask, slimOptimiser, slimScores, slimSurrogate, slimWeights} from "../definitions/slim";
import {width} from "../definitions/width";
import type {Experiment} from "./experiment";

/** Every table and figure; a new one is a row. */
export const experiments: readonly Experiment[] = [
  overview,
  depth,
  depthBinary,
  depthBrisk,
  width,
  cifar10Real,
  cifar10Binary,
  imagenetReal,
  imagenetBinary,
  batchNorm,
  initialisation,
  hyperParameters,
  stability,
  pilot,
  scaling,
  slimGain,
  slimWeights,
  slimScores,
  slimOptimiser,
  slimMask,
  slimSurrogate,
  slimBrisk,
  deep,
];

/** The experiment of a name. UserError with the valid names for another. */
export function experimentNamed(name: string): Experiment {
  const found = experiments.find(each => each.name === name);
  if (found) return found;
  const names = experiments.map(each => each.name);
  throw new UserError(`unknown experiment "${name}"${suggestion(name, names)}; choose ${names.join(", ")}`);
}
