import {unknownChoice} from "../core/choice";
import {UserError} from "../core/errors";
import {type ArchitectureName, architectures, type Family, operationsOf} from "../network/architectures";
import {layerShapes} from "../network/shapes";
import type {OptimizerSpec, SearchSpec} from "./spec";

/** What a recipe looks at. */
export type Asked = Pick<SearchSpec, "arch" | "activation" | "method" | "batchNorm" | "epochs">;
/** What it answers: values for settings that were not given. */
export type Recipe = Pick<SearchSpec, "optimizer" | "learningRate" | "batchSize"> & Partial<SearchSpec>;

/** The reference's SGD, but for its weight decay. */
export const sgd = (weightDecay: number): OptimizerSpec => ({name: "sgd", momentum: 0.9, weightDecay});
const adam: OptimizerSpec = {name: "adam"};

/**
 * The reference's hyper-parameters, from the configurations of chrundle/biprop f709fc5. Adam takes no weight decay
 * there. Where it has no configuration the row says so.
 */
const families: Readonly<Record<Family, (asked: Asked) => Recipe>> = {
  /** Ours: a ticket of digits in about a minute. */
  digits({activation, method}) {
    const shared = {batchSize: 64, epochs: 15};
    if (method === "dense") return {...shared, optimizer: sgd(1e-4), learningRate: 0.02};
    if (activation === "sign") return {...shared, optimizer: adam, learningRate: 0.01};
    return {...shared, optimizer: sgd(1e-4), learningRate: 0.1};
  },
  conv({activation, method}) {
    if (method === "dense") return {optimizer: sgd(1e-4), learningRate: 0.01, batchSize: 128};
    const optimizer = activation === "relu" ? sgd(1e-4) : adam;
    return {optimizer, learningRate: 0.1, batchSize: 128};
  },
  vgg({arch, activation, method, batchNorm}) {
    // No dense configuration exists; this is the dense ResNet's at VGG's batch size.
    if (method === "dense")
      return {optimizer: sgd(5e-4), learningRate: 0.1, batchSize: 128, batchNorm: "learned"};
    if (activation === "relu") return {optimizer: adam, learningRate: 0.1, batchSize: 128};
    const small = arch === "vgg-small" || batchNorm !== "none";
    return {optimizer: adam, learningRate: small ? 2e-4 : 0.1, batchSize: 128};
  },
  "cifar-resnet"({activation, method}) {
    const shared = {learningRate: 0.1, batchSize: 256};
    if (method === "dense") return {...shared, optimizer: sgd(5e-4), batchNorm: "learned"};
    return {...shared, optimizer: activation === "relu" ? sgd(5e-4) : adam};
  },
  /**
   * A rate of 0.256 with five epochs of warm-up (half of a search too short for that) and smoothed labels, also under
   * Adam. ResNet-18 with ReLU and Wide ResNet-50 are configured with unscaled weights alone, the latter with ReLU at
   * half the rate.
   */
  "imagenet-resnet"({arch, activation, method, epochs}) {
    const shared = {
      learningRate: 0.256,
      batchSize: 256,
      schedule: {name: "cosine", warmupEpochs: Math.min(5, Math.floor(epochs / 2))},
      labelSmoothing: 0.1,
    } as const;
    const heavySgd: OptimizerSpec = {name: "sgd", momentum: 0.875, weightDecay: 2 ** -15};
    if (method === "dense") return {...shared, optimizer: heavySgd, batchNorm: "learned"};
    const unscaled = arch === "wide-resnet50" || (arch === "resnet18" && activation === "relu");
    const fan = unscaled ? ({fan: "none"} as const) : {};
    if (activation === "sign") return {...shared, ...fan, optimizer: adam};
    const half = arch === "wide-resnet50" ? {learningRate: 0.128} : {};
    return {...shared, ...fan, ...half, optimizer: heavySgd};
  },
};

export type RecipeName = "reference" | "unit" | "brisk";

/** A named way to fill in what is not given. A spec keeps the values alone: the name is no part of it, nor of its hash. */
export interface NamedRecipe {
  readonly about: string;
  /** Over the reference's values. UserError where the recipe says nothing of such a search. */
  readonly values: (asked: Asked) => Partial<SearchSpec>;
}

/** The recipes: what fills in the settings that are not given. */
export const recipes: Readonly<Record<RecipeName, NamedRecipe>> = {
  reference: {
    about: "the published configuration of the architecture and activation",
    values: () => ({}),
  },
  /**
   * A layer's gain √(2/(k·fan)) keeps the second moment of a ReLU signal from layer to layer, so that the loss reaches
   * the scores of a deep, heavily pruned network too; the rate is in units of the scores, so that one value fits every
   * depth and share: 0.003 is the middle of the flat part, 0.001 to 0.01, of Conv4 at k = 0.1 (notebook 16).
   */
  unit: {
    about: "unit gain, SGD at a relative rate of 0.003: moves at every depth and share kept",
    values: ({method}) => {
      if (method !== "biprop") throw new UserError(`recipe unit is for method biprop, not ${method}`);
      return {gain: "unit", scoreRate: "relative", learningRate: 0.003, optimizer: sgd(1e-4)};
    },
  },
  /**
   * For searches of some twenty epochs. What each part brings stands in docs/brisk.md. In 1/32: the unit gain, with the
   * last layer's a third of it, so that the first logits are not large; constant |W|; SGD whose gradient has the size of
   * the scores at every step, so that no layer stands still; crops that lie two pixels off instead of four, for few
   * epochs overfit little. In 1/1, where batch norm sets the signal's size, Adam's steps are of such a size already:
   * the crops alone.
   */
  brisk: {
    about: "most accuracy in some twenty epochs of Conv2 to Conv8: unit gain, normalised steps, small crops",
    values: ({arch, activation, method}) => {
      if (method !== "biprop") throw new UserError(`recipe brisk is for method biprop, not ${method}`);
      if (architectures[arch].family !== "conv")
        throw new UserError(
          `recipe brisk was measured on Conv2 to Conv8, not on ${arch}: choose reference or unit`,
        );
      if (activation === "sign") return {cropReach: 2};
      return {
        ...{gain: "unit", outputGain: 0.3, weights: "signed-constant"},
        ...{
          scoreRate: "normalised",
          learningRate: 0.003,
          optimizer: {name: "sgd", momentum: 0.9},
          cropReach: 2,
        },
      };
    },
  },
};

export const recipeNames: readonly RecipeName[] = Object.keys(recipes) as RecipeName[];

/** What a recipe fills in: the reference's values, and over them those that make the recipe. */
export function recipe(name: RecipeName, asked: Asked): Recipe {
  if (!Object.hasOwn(recipes, name)) throw new UserError(unknownChoice("recipe", name, recipeNames));
  return {...families[architectures[asked.arch].family](asked), ...recipes[name].values(asked)};
}

/**
 * Nothing is searched for a random mask: no epoch without batch norm, one for the running statistics with it, and the
 * recipe's (undefined) where γ or β are learned.
 */
export function randomMaskEpochs({
  arch,
  activation,
  batchNorm,
}: Pick<Asked, "arch" | "activation" | "batchNorm"> & {arch: ArchitectureName}): number | undefined {
  const {batchNorms} = layerShapes(operationsOf({arch, activation}), architectures[arch].image);
  if (batchNorms.length === 0) return 0;
  return batchNorm === "learned" || batchNorm === "bias" ? undefined : 1;
}
