import * as tf from "@tensorflow/tfjs";
import {readBack} from "../backend/readBack";
import {keepCount} from "../core/mask";
import {smallestKept} from "../core/select";
import type {Network} from "../layers/build";
import type {MaskedLayer} from "../layers/maskedLayer";
import {adam} from "../optim/adam";
import type {TorchOptimizer} from "../optim/optimizer";
import {sgd} from "../optim/sgd";
import {lossAndGradients} from "../search/gradients";
import type {CaseOptimizer, ParityCase} from "./caseFile";
import {buildCase, type Permutation} from "./caseNetwork";

/** A layer's step-0 state and its score gradient, in the case's own order (OIHW). */
export interface ObservedLayer {
  kept: number;
  zeroWeights: number;
  alpha: number;
  effective: Float32Array;
  dScores: Float32Array;
}
export interface ObservedAfter {
  maskChanged: number;
  kept: number;
  scoresL2: number;
}
/** What our arithmetic gives where the case says what the reference's gave. */
export interface Observed {
  loss: number;
  logits: Float32Array;
  layers: Map<string, ObservedLayer>;
  batchNormGradients: Map<string, {dGamma?: Float32Array; dBeta?: Float32Array}>;
  runningStatistics: Map<string, {mean: Float32Array; variance: Float32Array}>;
  thresholds: number[];
  losses: number[];
  afterUpdate1: Map<string, ObservedAfter>;
  afterLast: Map<string, ObservedAfter>;
  evalLogits: Float32Array;
}

/** Runs a case: forward and backward, then its steps on the same batch every time. `steps` may cut it short. */
export async function replay(parity: ParityCase, steps: number = parity.steps): Promise<Observed> {
  const built = buildCase(parity);
  const {network, images, labels, permutations} = built;
  const trained = trainedVariables(network);
  const optimizer = parity.optimizer ? torchOptimizer(parity.optimizer) : undefined;
  const everything = (): tf.Tensor[] => network.model.weights.map(weight => weight.read());
  await readBack(everything());
  const first = new Map(network.masked.map(layer => [layer.name, layer.mask()]));
  const layers = new Map<string, ObservedLayer>();
  const observed: Partial<Observed> = {};
  const losses: number[] = [];
  const thresholds: number[] = [];
  const count = optimizer ? Math.max(1, steps) : 1;
  for (let step = 0; step < count; step++) {
    thresholds.push(largestDropped(network.masked, parity.keepFraction));
    if (step === 0) {
      for (const layer of network.masked)
        layers.set(layer.name, stepZero(layer, permutations.get(layer.name)!));
    }
    const {loss, logits, gradients} = lossAndGradients(network.model, trained, images, labels);
    await readBack([loss, logits, ...Object.values(gradients), ...everything()]);
    losses.push(loss.dataSync()[0]);
    if (step === 0) {
      observed.logits = logits.dataSync() as Float32Array;
      for (const layer of network.masked) {
        const dScores = gradients[layer.variables().scores!.name].dataSync() as Float32Array;
        layers.get(layer.name)!.dScores = gather(dScores, permutations.get(layer.name)!);
      }
      observed.batchNormGradients = batchNormGradients(network, gradients);
      observed.runningStatistics = runningStatistics(network);
    }
    optimizer?.applyGradients(gradients);
    tf.dispose([loss, logits, ...Object.values(gradients)]);
    await readBack(everything());
    if (step === 0) observed.afterUpdate1 = after(network, first);
  }
  thresholds.push(largestDropped(network.masked, parity.keepFraction));
  observed.afterLast = after(network, first);
  const output = network.model.predictOnBatch(images) as tf.Tensor;
  await readBack([output]);
  observed.evalLogits = output.dataSync() as Float32Array;
  tf.dispose([output, images, labels]);
  optimizer?.dispose();
  network.model.dispose();
  return {...observed, loss: losses[0], losses, thresholds, layers} as Observed;
}

function stepZero(layer: MaskedLayer, permutation: Permutation): ObservedLayer {
  return {
    kept: layer.kept(),
    zeroWeights: layer.weightValues().reduce((sum, w) => sum + (w === 0 ? 1 : 0), 0),
    alpha: layer.gain(),
    effective: gather(layer.effectiveValues(), permutation),
    dScores: new Float32Array(0),
  };
}

/** The trunc((1−k)·N)-th smallest |s| over all layers: what must be exceeded to be kept. */
function largestDropped(layers: readonly MaskedLayer[], keepFraction: number): number {
  const scores = layers.map(layer => layer.scoreValues());
  const total = scores.reduce((sum, layer) => sum + layer.length, 0);
  return smallestKept(scores, Math.min(total, keepCount(total, keepFraction) + 1)).value;
}

function after(network: Network, first: ReadonlyMap<string, Uint8Array>): Map<string, ObservedAfter> {
  return new Map(
    network.masked.map(layer => {
      const before = first.get(layer.name)!;
      const mask = layer.mask();
      return [
        layer.name,
        {
          maskChanged: mask.reduce((sum, m, i) => sum + (m === before[i] ? 0 : 1), 0),
          kept: layer.kept(),
          scoresL2: Math.sqrt(layer.scoreValues().reduce((sum, s) => sum + s * s, 0)),
        },
      ];
    }),
  );
}

function batchNormGradients(network: Network, gradients: tf.NamedTensorMap): Observed["batchNormGradients"] {
  return new Map(
    network.batchNorms.map(layer => {
      const {gamma, beta} = layer.variables();
      const of = (variable: tf.Variable | undefined): Float32Array | undefined =>
        variable && (gradients[variable.name]?.dataSync() as Float32Array | undefined);
      return [layer.name, {dGamma: of(gamma), dBeta: of(beta)}];
    }),
  );
}

function runningStatistics(network: Network): Observed["runningStatistics"] {
  return new Map(
    network.batchNorms.map(layer => {
      const {runningMean, runningVariance} = layer.variables();
      return [
        layer.name,
        {mean: runningMean.dataSync() as Float32Array, variance: runningVariance.dataSync() as Float32Array},
      ];
    }),
  );
}

function trainedVariables(network: Network): tf.Variable[] {
  return network.model.trainableWeights.map(weight => weight.read() as tf.Variable);
}

function torchOptimizer(given: CaseOptimizer): TorchOptimizer {
  const {lr: learningRate, weightDecay} = given;
  if (given.name === "sgd") {
    const {momentum, dampening, nesterov} = given;
    return sgd({learningRate, weightDecay, momentum, dampening, nesterov});
  }
  const {beta1, beta2, eps: epsilon} = given;
  return adam({learningRate, weightDecay, beta1, beta2, epsilon});
}

/** Our values in the case's order. */
function gather(ours: Float32Array, permutation: Permutation): Float32Array {
  const theirs = new Float32Array(ours.length);
  for (let i = 0; i < theirs.length; i++) theirs[i] = ours[permutation[i]];
  return theirs;
}
