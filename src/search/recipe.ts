import type {Method} from "../layers/method";
import {type ArchitectureName, architectures, operationsOf} from "../network/architectures";
import type {BatchNormMode} from "../network/batchNormMode";
import type {Activation} from "../network/operations";
import {layerShapes} from "../network/shapes";
import type {OptimizerSpec, SearchSpec} from "./spec";

export type Recipe = Pick<SearchSpec, "optimizer" | "learningRate" | "batchSize"> & Partial<SearchSpec>;

/** The reference's SGD, but for its weight decay. */
export const sgd = (weightDecay: number): OptimizerSpec => ({name: "sgd", momentum: 0.9, weightDecay});
const adam: OptimizerSpec = {name: "adam"};

/**
 * The reference's hyper-parameters, from the configurations of chrundle/biprop f709fc5. Adam takes no weight decay
 * there. Where it has no configuration the row says so.
 */
export function recipe(
  arch: ArchitectureName,
  activation: Activation,
  method: Method,
  batchNorm: BatchNormMode,
  epochs: number,
): Recipe {
  if (arch === "digits") return digits(activation, method);
  if (architectures[arch].image[0] === 224) return imagenet(arch, activation, method, epochs);
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

/**
 * Nothing is searched for a random mask: no epoch without batch norm, one for the running statistics with it, and the
 * recipe's (undefined) where γ or β are learned.
 */
export function randomMaskEpochs(
  arch: ArchitectureName,
  activation: Activation,
  batchNorm: BatchNormMode,
): number | undefined {
  const {batchNorms} = layerShapes(operationsOf({arch, activation}), architectures[arch].image);
  if (batchNorms.length === 0) return 0;
  return batchNorm === "learned" || batchNorm === "bias" ? undefined : 1;
}

/** Ours: a ticket of digits in about a minute. */
function digits(activation: Activation, method: Method): Recipe {
  if (method === "dense") return {optimizer: sgd(1e-4), learningRate: 0.02, batchSize: 64, epochs: 15};
  if (activation === "sign") return {optimizer: adam, learningRate: 0.01, batchSize: 64, epochs: 15};
  return {optimizer: sgd(1e-4), learningRate: 0.1, batchSize: 64, epochs: 15};
}

/**
 * A rate of 0.256 with five epochs of warm-up (half of a search too short for that) and smoothed labels, also under
 * Adam. ResNet-18 with ReLU and Wide
 * ResNet-50 are configured with unscaled weights alone, the latter with ReLU at half the rate.
 */
function imagenet(arch: ArchitectureName, activation: Activation, method: Method, epochs: number): Recipe {
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
}
