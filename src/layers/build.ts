import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import type {ImageShape} from "../network/architectures";
import type {BatchNormMode} from "../network/batchNormMode";
import {foldRelu} from "../network/foldRelu";
import type {Activation, Operation} from "../network/operations";
import {layerShapes} from "../network/shapes";
import {type BatchNorm, batchNorm} from "./batchNorm";
import {binaryActivation} from "./binaryActivation";
import {maskedConv2d} from "./maskedConv2d";
import {maskedDense} from "./maskedDense";
import type {MaskedLayer} from "./maskedLayer";
import type {MaskedOptions} from "./maskedOptions";
import {binarises} from "./method";
import {paddedMaxPool} from "./paddedMaxPool";
import {GlobalSelection, type MaskSource} from "./selection";
import {stepOf} from "./stepOf";
import type {SurrogateRule} from "./surrogates";

export interface BuildOptions extends Omit<MaskedOptions, "name" | "selection"> {
  readonly activation: Activation;
  readonly batchNorm?: BatchNormMode;
  readonly batchNormMomentum?: number;
  readonly batchNormEpsilon?: number;
  readonly surrogate?: SurrogateRule;
  readonly selection?: "layerwise" | "global" | MaskSource;
}

/** A built network: an ordinary tf.LayersModel from images [batch, h, w, c] to logits [batch, classes], and its parts by name. */
export interface Network {
  readonly model: tf.LayersModel;
  readonly masked: readonly MaskedLayer[];
  readonly batchNorms: readonly BatchNorm[];
  /** The one threshold of all layers, under global selection. */
  readonly selection?: GlobalSelection;
}

/** Of one layer: a float32 array of more is refused by JavaScript engines or by memory. */
const MOST_WEIGHTS = 2 ** 30;

/** Builds a network from its operations. Layer names address the random weights: the same seed gives the same network. */
export function buildNetwork(
  operations: readonly Operation[],
  image: ImageShape,
  options: BuildOptions,
): Network {
  const largest = layerShapes(operations, image).layers.reduce((a, b) => (a.weights >= b.weights ? a : b));
  if (largest.weights > MOST_WEIGHTS) {
    throw new UserError(
      `layer ${largest.name} would have ${largest.weights} weights; at most ${MOST_WEIGHTS} can be held`,
    );
  }
  const {
    activation,
    batchNorm: mode = "none",
    batchNormMomentum,
    batchNormEpsilon,
    surrogate,
    selection = "layerwise",
    ...shared
  } = options;
  const masked: MaskedLayer[] = [];
  const batchNorms: BatchNorm[] = [];
  const global =
    selection === "global" ? new GlobalSelection(shared.keepFraction ?? 1, shared.ranking) : undefined;
  const rules: MaskedOptions = {...shared, selection: selection === "global" ? global : selection};
  const keep = <T>(list: T[], layer: T): T => {
    list.push(layer);
    return layer;
  };
  const binary = binarises(rules.method ?? "biprop");
  const signs = binary && activation === "sign";
  const behind = followers(operations);
  const layerOf = (
    operation: Exclude<Operation, {op: "residual"}>,
    x: tf.SymbolicTensor,
  ): tf.layers.Layer => {
    switch (operation.op) {
      case "conv": {
        const {name, filters, kernel: kernelSize, stride: strides, pad: padding} = operation;
        const [next, second] = behind.get(name) ?? [];
        const pooled = next === "maxpool" && second === "activation" && stepOf(x) !== undefined;
        const beforeSign = signs && (next === "activation" || pooled);
        return keep(
          masked,
          maskedConv2d({...rules, name, filters, kernelSize, strides, padding, beforeSign}),
        );
      }
      case "dense": {
        // Sums of signs are often equal, or 0: rounding must not decide between classes, nor the next sign.
        const [next] = behind.get(operation.name) ?? [];
        const decides = next === undefined || next === "activation";
        const inputStep = signs && decides ? stepOf(x) : undefined;
        return keep(masked, maskedDense({...rules, name: operation.name, units: operation.units, inputStep}));
      }
      case "batchnorm":
        return keep(
          batchNorms,
          batchNorm({
            mode,
            momentum: batchNormMomentum,
            epsilon: batchNormEpsilon,
            relu: operation.relu,
            name: operation.name,
          }),
        );
      case "activation":
        return activation === "relu" ? tf.layers.reLU() : binaryActivation({surrogate});
      case "relu":
        return tf.layers.reLU();
      case "maxpool":
        return paddedMaxPool({
          size: operation.size,
          strides: operation.stride,
          padding: operation.pad,
          relu: operation.relu,
        });
      case "avgpool":
        return tf.layers.globalAveragePooling2d({});
      case "flatten":
        return tf.layers.flatten();
    }
  };
  const through = (x: tf.SymbolicTensor, operation: Operation): tf.SymbolicTensor => {
    if (operation.op !== "residual") return layerOf(operation, x).apply(x) as tf.SymbolicTensor;
    const main = operation.main.reduce(through, x);
    const shortcut = operation.shortcut.reduce(through, x);
    return tf.layers.add().apply([main, shortcut]) as tf.SymbolicTensor;
  };
  const input = tf.input({shape: [...image]});
  const output = foldRelu(operations, activation).reduce(through, input);
  return {model: tf.model({inputs: input, outputs: output}), masked, batchNorms, selection: global};
}

/** What the two operations behind each named one are. */
function followers(operations: readonly Operation[]): Map<string, Operation["op"][]> {
  return new Map(
    operations.flatMap((operation, i): [string, Operation["op"][]][] =>
      "name" in operation ? [[operation.name, operations.slice(i + 1, i + 3).map(({op}) => op)]] : [],
    ),
  );
}
