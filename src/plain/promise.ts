// What the score gradient promises of a swap, and what the loss then does; over masks of toys and over width.
import {topKMask} from "../core/mask";
import {startScores} from "../core/scores";
import {randomWeights} from "../core/weights";
import {entryEffects, lossLandscape, type Toy, type WalkStep, walkMasks, wedgeToy} from "./maskWalk";
import {shapesOf} from "./reluNetwork";

/** A step that changed the mask, with the change of the loss that really came. */
export interface SwappingStep extends WalkStep {
  readonly change: number;
}

/** The steps of a walk that swap anything. */
export function swappingSteps(walk: readonly WalkStep[]): SwappingStep[] {
  return walk.slice(1).flatMap((at, i) => (at.swaps > 0 ? [{...at, change: at.loss - walk[i].loss}] : []));
}

/** The wide network and its points. */
export interface WideOptions {
  /** H of the network 2 → H → H → 2. */
  readonly hidden: number;
  readonly seed: number;
  /** Default 64. */
  readonly points?: number;
  /** Default "equal": all |W| of a layer are its standard deviation, and so is its gain. */
  readonly sizes?: "equal" | "normal";
}

/** The wedge's points with a network that has a layer of H × H weights, half of each layer kept; variance 2/(k·fan). */
export function wideToy({hidden, seed, points = 64, sizes = "equal"}: WideOptions): Toy {
  const keepFraction = 0.5;
  const widths = [2, hidden, hidden, 2];
  const rule = sizes === "equal" ? "signed-constant" : "kaiming-normal";
  const weights = shapesOf(widths).map((shape, l) =>
    randomWeights(shape, {rule, fan: "kept", keepFraction, seed, name: `fc${l + 1}`}),
  );
  return {data: wedgeToy({seed, points}).data, widths, weights, keepFraction};
}

/**
 * biprop on a wide toy from the scores that a search starts with. `relativeRate` is what the first step moves a score of
 * the H × H layer by, as a share of the mean |s| there: rms of dL/ds times η over mean |s|.
 */
export function wideWalk(
  options: WideOptions & {
    readonly relativeRate: number;
    readonly steps: number;
    readonly momentum?: number;
  },
): WalkStep[] {
  const toy = wideToy(options);
  const {seed, relativeRate, steps, momentum} = options;
  const start = shapesOf(toy.widths).map((shape, l) =>
    startScores(toy.weights[l], shape, {seed, name: `fc${l + 1}`}),
  );
  const masks = start.map(scores => topKMask(scores, toy.keepFraction));
  const slopes = entryEffects(toy, masks)[1].map((h, i) => h * toy.weights[1][i]);
  const meanSize = start[1].reduce((sum, s) => sum + Math.abs(s), 0) / start[1].length;
  const rms = Math.sqrt(slopes.reduce((sum, d) => sum + d * d, 0) / slopes.length);
  return walkMasks(toy, {learningRate: (relativeRate * meanSize) / rms, steps, seed, momentum, start});
}

/** Of every search the per cent of all masks that have a lower loss than its own, at the start and at the end. */
export interface Rank {
  readonly start: number;
  readonly end: number;
}

/** Searches on a toy with scores from seeds 0, 1, …, each ranked among all pairs of `masks`. */
export function rankedSearches(
  toy: Toy,
  masks: readonly Uint8Array[],
  options: {readonly searches: number; readonly learningRate: number; readonly steps: number},
): Rank[] {
  const all = lossLandscape(toy, masks, masks).flatMap(row => [...row]);
  const better = (loss: number): number =>
    (100 * all.reduce((count, other) => count + (other < loss - 1e-9 ? 1 : 0), 0)) / all.length;
  return Array.from({length: options.searches}, (_, seed) => {
    const walk = walkMasks(toy, {...options, seed});
    return {start: better(walk[0].loss), end: better(walk[options.steps].loss)};
  });
}
