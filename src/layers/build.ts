import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import type {BatchNormMode} from "../network/batchNormMode";
import {addsItself, foldActivations} from "../network/foldActivations";
import type {Activation, ImageShape, Operation} from "../network/operations";
import {settled} from "../network/settle";
import {layerShapes} from "../network/shapes";
import {BatchNorm, batchNorm} from "./batchNorm";
import {binaryActivation} from "./binaryActivation";
import {GlobalSelection} from "./globalSelection";
import {maskedConv2d} from "./maskedConv2d";
import {maskedDense} from "./maskedDense";
import type {MaskedLayer} from "./maskedLayer";
import {type MaskedOptions, maskedPart} from "./maskedOptions";
import {binarises} from "./method";
import {otherWay} from "./otherWay";
import {paddedMaxPool} from "./paddedMaxPool";
import type {MaskSource} from "./selection";
import {SelectTogether} from "./selectTogether";
import type {SurrogateRule} from "./surrogates";

/** What all layers of a network have in common. */
export interface BuildOptions extends Omit<MaskedOptions, "name" | "selection" | "gainFactor"> {
  readonly activation: Activation;
  readonly batchNorm?: BatchNormMode;
  readonly batchNormMomentum?: number;
  readonly batchNormEpsilon?: number;
  readonly surrogate?: SurrogateRule;
  /** Times the gain of the last layer, and so times the logits; 1 unless given. */
  readonly outputGain?: number;
  readonly selection?: "layerwise" | "global" | MaskSource;
  /** Every binary activation is a layer of its own, for who looks at what it takes; else batch norms take in what they can. */
  readonly signsApart?: boolean;
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

/**
 * Builds a network from its operations. Layer names address the random weights: the same seed gives the same
 * network. UserError for a layer of more weights than an array holds, RangeError for an image that is too small.
 */
export function buildNetwork(
  operations: readonly Operation[],
  image: ImageShape,
  options: BuildOptions,
): Network {
  const {layers} = layerShapes(operations, image);
  const largest = layers.reduce((a, b) => (a.weights >= b.weights ? a : b));
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
    outputGain = 1,
    selection = "layerwise",
    signsApart = false,
    ...shared
  } = options;
  const masked: MaskedLayer[] = [];
  const batchNorms: BatchNorm[] = [];
  const global =
    selection === "global" ? new GlobalSelection(shared.keepFraction ?? 1, shared.ranking) : undefined;
  const rules: MaskedOptions = {
    ...maskedPart(shared),
    selection: selection === "global" ? global : selection,
  };
  const keep = <T>(list: T[], layer: T): T => {
    list.push(layer);
    return layer;
  };
  const gainFactorOf = (name: string): number => (name === layers.at(-1)?.name ? outputGain : 1);
  const marked = binarises(rules.method ?? "biprop") ? settled(operations, image, activation) : operations;
  const layerOf = (operation: Exclude<Operation, {op: "residual"}>): tf.layers.Layer => {
    switch (operation.op) {
      case "conv": {
        const {name, filters, kernel: kernelSize, stride: strides, pad: padding, beforeSign} = operation;
        const sizes = {filters, kernelSize, strides, padding};
        return keep(
          masked,
          maskedConv2d({...rules, name, gainFactor: gainFactorOf(name), ...sizes, beforeSign}),
        );
      }
      case "dense": {
        const {name, units, inputStep} = operation;
        return keep(masked, maskedDense({...rules, name, gainFactor: gainFactorOf(name), units, inputStep}));
      }
      case "batchnorm":
        return keep(
          batchNorms,
          batchNorm({
            mode,
            momentum: batchNormMomentum,
            epsilon: batchNormEpsilon,
            relu: operation.relu,
            sign: operation.sign,
            adds: operation.adds,
            twice: operation.twice,
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
  // What is given to a main branch, and to a shortcut if that is given apart.
  const through = (given: tf.SymbolicTensor[], operation: Operation): tf.SymbolicTensor[] => {
    if (operation.op !== "residual") return ways(layerOf(operation), given[0]);
    const last = operation.main.at(-1);
    const adds = addsItself(last);
    const [main] = (adds ? operation.main.slice(0, -1) : operation.main).reduce(through, [given[0]]);
    // Made before the shortcut's layers: batch norms come in the order of the operations.
    const sum = adds ? layerOf(last as Exclude<Operation, {op: "residual"}>) : tf.layers.add();
    const [shortcut] = operation.shortcut.reduce(through, [given.at(-1)!]);
    return ways(sum, [main, shortcut]);
  };
  const input = tf.input({shape: [...image]});
  const signs = !signsApart && (surrogate === undefined || surrogate === "bi-real");
  const [output] = foldActivations(marked, activation, signs).reduce(through, [input]);
  if (selection === "layerwise" || global !== undefined) {
    const together = new SelectTogether(global);
    for (const layer of masked) layer.joinSelection(together);
  }
  return {model: tf.model({inputs: input, outputs: output}), masked, batchNorms, selection: global};
}

/** What a layer gives, and the same again where it gives twice. */
function ways(layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor[] {
  const y = layer.apply(x) as tf.SymbolicTensor;
  const twice = layer instanceof BatchNorm && layer.twice;
  return twice ? [y, otherWay(`${layer.name}.otherWay`).apply(y) as tf.SymbolicTensor] : [y];
}
