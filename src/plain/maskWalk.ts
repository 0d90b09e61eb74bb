import {type GainRule, gainRuleNamed} from "../core/gain";
import {topKMask} from "../core/mask";
import {binarize, scoreGradient} from "../core/quantize";
import {Stream} from "../core/random";
import {firstOrderChange, swapBetween} from "./combinations";
import type {ReluNetwork} from "./reluNetwork";
import {type LabelledInputs, lossOf, meanGradient} from "./trainRelu";

/** A network so small that all its masks can be tried: frozen weights, no biases, and its data. */
export interface Toy {
  readonly data: LabelledInputs;
  /** From input to output, for instance [2, 4, 2]. */
  readonly widths: readonly number[];
  /** One array a layer, shape [inputs, outputs]. */
  readonly weights: readonly Float32Array[];
  readonly keepFraction: number;
  /** Default "mean-kept", the reference's. */
  readonly gain?: GainRule;
}

/**
 * Two classes of points in the plane, on a ring of radii ½ … 1½: class 1 where y > |x|, a wedge. `sizes` "equal" gives
 * all weights size 1 (the signed constant), "normal" sizes |N(0, 1)|.
 */
export function wedgeToy(options: {
  readonly seed: number;
  readonly points?: number;
  readonly hidden?: number;
  readonly keepFraction?: number;
  readonly sizes?: "equal" | "normal";
}): Toy {
  const {seed, points = 64, hidden = 4, keepFraction = 0.5, sizes = "equal"} = options;
  const place = new Stream(seed, "toy/points");
  const inputs = Float64Array.from({length: 2 * points}, (_, j) => {
    const i = Math.floor(j / 2);
    const angle = (2 * Math.PI * (i + place.uniform(2 * i))) / points;
    const radius = 0.5 + place.uniform(2 * i + 1);
    return radius * (j % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  const labels = Uint8Array.from({length: points}, (_, i) =>
    inputs[2 * i + 1] > Math.abs(inputs[2 * i]) ? 1 : 0,
  );
  const widths = [2, hidden, 2];
  const weights = [0, 1].map(l => {
    const random = new Stream(seed, `toy/weights/${l}`);
    const signs = new Stream(seed, `toy/signs/${l}`);
    return Float32Array.from({length: widths[l] * widths[l + 1]}, (_, i) => {
      const size = sizes === "equal" ? 1 : random.normalMagnitude(i);
      return signs.bit(i) === 1 ? -size : size;
    });
  });
  return {data: {inputs, width: 2, labels}, widths, weights, keepFraction};
}

/** α · M ⊙ sign(W) of each layer, with the toy's gain. */
export function effectiveWeights(toy: Toy, masks: readonly Uint8Array[]): Float32Array[] {
  const gain = gainRuleNamed(toy.gain ?? "mean-kept");
  return toy.weights.map((w, l) => {
    const context = {keepFraction: toy.keepFraction, fanIn: toy.widths[l], selection: "layerwise"} as const;
    return binarize(w, masks[l], gain(w, masks[l], context));
  });
}

/** The loss of the subnetwork that these masks leave. */
export function maskLoss(toy: Toy, masks: readonly Uint8Array[]): number {
  return lossOf(networkOf(toy, effectiveWeights(toy, masks)), toy.data);
}

/** The loss of every pair of masks of a toy of two layers: rows over the first list, columns over the second. */
export function lossLandscape(
  toy: Toy,
  first: readonly Uint8Array[],
  second: readonly Uint8Array[],
): Float64Array[] {
  return first.map(a => Float64Array.from(second, b => maskLoss(toy, [a, b])));
}

/**
 * h_i = dL/dW_b,i · sign(W_i) of each layer: to first order the loss changes by α · h_i when weight i enters. A swap of
 * i for j promises α · (h_j − h_i).
 */
export function entryEffects(toy: Toy, masks: readonly Uint8Array[]): Float64Array[] {
  const all = Uint32Array.from(toy.data.labels.keys());
  const gradient = meanGradient(networkOf(toy, effectiveWeights(toy, masks)), toy.data, all);
  return gradient.map(({weights}, l) => weights.map((d, i) => d * Math.sign(toy.weights[l][i])));
}

/** A weight of one layer out, another of it in. */
export interface Swap {
  readonly layer: number;
  readonly out: number;
  readonly in: number;
  /** Of the loss. */
  readonly change: number;
}

/** The swap in one layer that lowers the loss most, all of them tried out; undefined where none lowers it. */
export function bestSwap(toy: Toy, masks: readonly Uint8Array[]): Swap | undefined {
  const before = maskLoss(toy, masks);
  let best: Swap | undefined;
  masks.forEach((mask, layer) => {
    for (let out = 0; out < mask.length; out++) {
      for (let enter = 0; enter < mask.length; enter++) {
        if (mask[out] === 0 || mask[enter] === 1) continue;
        const swapped = mask.map((m, i) => (i === out ? 0 : i === enter ? 1 : m));
        const change =
          maskLoss(
            toy,
            masks.map((other, l) => (l === layer ? swapped : other)),
          ) - before;
        if (change < (best?.change ?? 0)) best = {layer, out, in: enter, change};
      }
    }
  });
  return best;
}

/** One step of the search, with what it did to the mask. */
export interface WalkStep {
  readonly masks: readonly Uint8Array[];
  readonly loss: number;
  /** Weights swapped by the update that led here; 0 at the start. */
  readonly swaps: number;
  /** The change of loss that the gradient before the update promised for these swaps. */
  readonly promised: number;
  /** A score changed its sign in the update. */
  readonly crossed: boolean;
}

/** What a search on a toy learns: the scores of each layer, and the running gradient that momentum follows. */
export interface WalkScores {
  readonly scores: readonly Float32Array[];
  /** 0 at the start. */
  readonly velocity: readonly Float32Array[];
}

/**
 * One step of biprop on the whole data set, in place: v ← momentum · v + dL/dW_b ⊙ W ⊙ sign(s), s ← s − η · v. The
 * network stands at `weights`, the masks' effective ones. Gives dL/dW_b of each layer, and whether a score crossed 0.
 */
export function moveScores(
  toy: Toy,
  weights: readonly Float32Array[],
  {scores, velocity}: WalkScores,
  {learningRate, momentum}: {readonly learningRate: number; readonly momentum: number},
): {readonly dBinary: readonly Float64Array[]; readonly crossed: boolean} {
  const all = Uint32Array.from(toy.data.labels.keys());
  const dBinary = meanGradient(networkOf(toy, weights), toy.data, all).map(layer => layer.weights);
  let crossed = false;
  scores.forEach((s, l) => {
    const dScores = scoreGradient(Float32Array.from(dBinary[l]), toy.weights[l], s);
    s.forEach((value, i) => {
      velocity[l][i] = momentum * velocity[l][i] + dScores[i];
      s[i] = value - learningRate * velocity[l][i];
      crossed ||= Math.sign(s[i]) !== Math.sign(value);
    });
  });
  return {dBinary, crossed};
}

/**
 * biprop on a toy, with plain gradient descent on the whole data set: s ← s − η · dL/dW_b ⊙ W ⊙ sign(s), scores uniform
 * in (0, 1) at the start; the masks and losses that it visits, the start first.
 */
export function walkMasks(
  toy: Toy,
  options: {
    readonly learningRate: number;
    readonly steps: number;
    readonly seed: number;
    /** Of PyTorch's kind, default 0: plain gradient descent. */
    readonly momentum?: number;
  },
): WalkStep[] {
  const {learningRate, steps, seed, momentum = 0} = options;
  const scores = toy.weights.map((w, l) => {
    const random = new Stream(seed, `toy/scores/${l}`);
    return Float32Array.from(w, (_, i) => random.uniform(i));
  });
  const velocity = toy.weights.map(w => new Float32Array(w.length));
  let masks = scores.map(s => topKMask(s, toy.keepFraction));
  let weights = effectiveWeights(toy, masks);
  const path: WalkStep[] = [{masks, loss: maskLoss(toy, masks), swaps: 0, promised: 0, crossed: false}];
  for (let step = 0; step < steps; step++) {
    const {dBinary, crossed} = moveScores(toy, weights, {scores, velocity}, {learningRate, momentum});
    const next = scores.map(s => topKMask(s, toy.keepFraction));
    const after = effectiveWeights(toy, next);
    const promised = dBinary.reduce((sum, d, l) => sum + firstOrderChange(d, weights[l], after[l]), 0);
    const swaps = masks.reduce((sum, mask, l) => sum + swapBetween(mask, next[l]).in.length, 0);
    [masks, weights] = [next, after];
    path.push({masks, loss: maskLoss(toy, masks), swaps, promised, crossed});
  }
  return path;
}

/** The toy's network at these weights. */
export function networkOf({widths}: Toy, weights: readonly Float32Array[]): ReluNetwork {
  return weights.map((w, l) => ({
    inputs: widths[l],
    outputs: widths[l + 1],
    weights: Float64Array.from(w),
    bias: new Float64Array(widths[l + 1]),
  }));
}
