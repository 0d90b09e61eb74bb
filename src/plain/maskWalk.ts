import {topKMask} from "../core/mask";
import {Stream} from "../core/random";
import {binarized, moveScores, type RandomNetwork} from "./biprop";
import {firstOrderChange, swapBetween} from "./combinations";
import {withoutBiases} from "./reluNetwork";
import {lossOf, meanGradient} from "./trainRelu";

/** A random network so small that all its masks can be tried. */
export type Toy = RandomNetwork;

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

/** The loss of the subnetwork that these masks leave. One mask a layer, flattened. */
export function maskLoss(toy: Toy, masks: readonly Uint8Array[]): number {
  return lossOf(withoutBiases(toy.widths, binarized(toy, masks)), toy.data);
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
  const gradient = meanGradient(withoutBiases(toy.widths, binarized(toy, masks)), toy.data, all);
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

/**
 * The swap in one layer that lowers the loss most, all of them tried out; undefined where none lowers it. One mask a
 * layer, flattened.
 */
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

function uniformScores(toy: Toy, seed: number): Float32Array[] {
  return toy.weights.map((w, l) => {
    const random = new Stream(seed, `toy/scores/${l}`);
    return Float32Array.from(w, (_, i) => random.uniform(i));
  });
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

/**
 * biprop on a toy, with plain gradient descent on the whole data set: s ← s − η · dL/dW_b ⊙ W ⊙ sign(s); the masks
 * and losses that it visits, the start first. One mask a layer and step, flattened.
 */
export function walkMasks(
  toy: Toy,
  options: {
    readonly learningRate: number;
    readonly steps: number;
    readonly seed: number;
    /** Of PyTorch's kind, default 0: plain gradient descent. */
    readonly momentum?: number;
    /** Scores to start from, one array a layer; default uniform in (0, 1). They are not changed. */
    readonly start?: readonly Float32Array[];
  },
): WalkStep[] {
  const {learningRate, steps, seed, momentum = 0} = options;
  const scores = options.start?.map(s => s.slice()) ?? uniformScores(toy, seed);
  const velocity = toy.weights.map(w => new Float32Array(w.length));
  let masks = scores.map(s => topKMask(s, toy.keepFraction));
  let weights = binarized(toy, masks);
  const path: WalkStep[] = [{masks, loss: maskLoss(toy, masks), swaps: 0, promised: 0, crossed: false}];
  for (let step = 0; step < steps; step++) {
    const signs = scores.map(s => s.map(Math.sign));
    const dBinary = moveScores(toy, weights, {scores, velocity}, {learningRate, momentum});
    const crossed = scores.some((s, l) => s.some((value, i) => Math.sign(value) !== signs[l][i]));
    const next = scores.map(s => topKMask(s, toy.keepFraction));
    const after = binarized(toy, next);
    const promised = dBinary.reduce((sum, d, l) => sum + firstOrderChange(d, weights[l], after[l]), 0);
    const swaps = masks.reduce((sum, mask, l) => sum + swapBetween(mask, next[l]).in.length, 0);
    [masks, weights] = [next, after];
    path.push({masks, loss: maskLoss(toy, masks), swaps, promised, crossed});
  }
  return path;
}
