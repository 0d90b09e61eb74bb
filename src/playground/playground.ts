import {type FanName, fanRules} from "../core/fan";
import {type GainFunction, type GainName, gainRules} from "../core/gain";
import {checkKeepFraction, topKMask} from "../core/mask";
import {startScores} from "../core/scores";
import {randomWeights} from "../core/weights";
import {binarized, moveScores, type RandomNetwork} from "../plain/biprop";
import {firstOrderChange, swapBetween} from "../plain/combinations";
import {type ReluNetwork, runRelu, shapesOf, withoutBiases} from "../plain/reluNetwork";
import {accuracyOf, lossOf} from "../plain/trainRelu";
import {CONSTANTS, inputOf, type PointsName, planePoints, pointsNames} from "./points";

/** What the page's controls say. */
export interface Settings {
  readonly points: PointsName;
  readonly keepFraction: number;
  readonly gain: GainName;
  /** The rule's gain is multiplied by it. */
  readonly gainFactor: number;
  readonly fan: FanName;
  readonly learningRate: number;
  readonly seed: number;
}

export const HIDDEN = 32;
export const POINTS = 160;
export const MOMENTUM = 0.9;

/** What the playground starts with. */
export const defaultSettings: Settings = {
  points: "moons",
  keepFraction: 0.5,
  gain: "mean-kept",
  gainFactor: 1,
  fan: "pruned",
  learningRate: 0.1,
  seed: 1,
};

/** What a step promised and what it did. */
export interface StepChange {
  /** Weights that changed places, both layers together. */
  readonly swaps: number;
  /** Σ dL/dW_b · ΔW_b over both layers, new gains included: the change of the loss to first order. */
  readonly promised: number;
  /** The change of the loss that came. */
  readonly came: number;
}

/** A search in the page: the rule of the library on a network (x, y, 1, ½) → 32 → 2. Only scores and masks change. */
export interface Playground {
  readonly settings: Settings;
  readonly toy: RandomNetwork;
  readonly scores: readonly Float32Array[];
  readonly velocity: readonly Float32Array[];
  masks: readonly Uint8Array[];
  /** α · M ⊙ sign(W) of each layer. */
  weights: readonly Float32Array[];
  network: ReluNetwork;
  /** Before the first step, and after each. */
  readonly losses: number[];
  /** Of the points, in per cent. */
  accuracy: number;
  /** Weights that the last step took in, per layer. */
  entered: readonly (readonly number[])[];
  /** Of each step. */
  readonly changes: StepChange[];
}

/** The network at its random weights and start scores; what is wrong with the settings is a RangeError. */
export function startPlayground(settings: Settings): Playground {
  checkSettings(settings);
  const {points, keepFraction, gain, gainFactor, fan, seed} = settings;
  const widths = [2 + CONSTANTS.length, HIDDEN, 2];
  const shapes = shapesOf(widths);
  const name = (l: number): string => `plane/${l}`;
  const weights = shapes.map((shape, l) => randomWeights(shape, {fan, keepFraction, seed, name: name(l)}));
  const scores = shapes.map((shape, l) => startScores(weights[l], shape, {seed, name: name(l)}));
  const scaled: GainFunction = (w, mask, context) => gainFactor * gainRules[gain](w, mask, context);
  const toy: RandomNetwork = {
    data: planePoints(points, POINTS, seed),
    widths,
    weights,
    keepFraction,
    gain: scaled,
  };
  const velocity = scores.map(s => new Float32Array(s.length));
  const begun = {settings, toy, scores, velocity, losses: [], entered: [[], []], changes: []};
  return select({...begun, masks: [], weights: [], network: [], accuracy: 0});
}

/** One step of biprop on all points, in place; `learningRate` is the settings' unless given. */
export function stepPlayground(playground: Playground, learningRate?: number): Playground {
  const {toy, weights, masks, settings} = playground;
  const rate = learningRate ?? settings.learningRate;
  const slopes = moveScores(toy, weights, playground, {learningRate: rate, momentum: MOMENTUM});
  select(playground);
  playground.entered = masks.map((mask, l) => swapBetween(mask, playground.masks[l]).in);
  playground.changes.push({
    swaps: playground.entered.flat().length,
    promised: slopes.reduce(
      (sum, slope, l) => sum + firstOrderChange(slope, weights[l], playground.weights[l]),
      0,
    ),
    came: playground.losses.at(-1)! - playground.losses.at(-2)!,
  });
  return playground;
}

/** Probability of class 1 at the middles of `cells` × `cells` squares, row by row from the top. */
export function surface({network}: Pick<Playground, "network">, cells: number, reach: number): Float64Array {
  const at = (i: number): number => reach * ((2 * i + 1) / cells - 1);
  return Float64Array.from({length: cells * cells}, (_, i) => {
    const [zero, one] = runRelu(network, inputOf(at(i % cells), -at(Math.floor(i / cells))));
    return 1 / (1 + Math.exp(zero - one));
  });
}

/** Scores to masks, gains, network and loss. */
function select(playground: Playground): Playground {
  const {toy, scores} = playground;
  playground.masks = scores.map(s => topKMask(s, toy.keepFraction));
  playground.weights = binarized(toy, playground.masks);
  playground.network = withoutBiases(toy.widths, playground.weights);
  playground.losses.push(lossOf(playground.network, toy.data));
  playground.accuracy = accuracyOf(x => runRelu(playground.network, x), toy.data);
  return playground;
}

function checkSettings({points, keepFraction, gain, fan, gainFactor, learningRate}: Settings): void {
  oneOf("points", points, pointsNames);
  oneOf("gain rule", gain, Object.keys(gainRules));
  oneOf("fan rule", fan, Object.keys(fanRules));
  checkKeepFraction(keepFraction);
  if (!(gainFactor > 0)) throw new RangeError(`gainFactor must be above 0, got ${gainFactor}`);
  if (!(learningRate >= 0)) throw new RangeError(`learningRate must be at least 0, got ${learningRate}`);
}

function oneOf(what: string, value: string, valid: readonly string[]): void {
  if (!valid.includes(value)) throw new RangeError(`unknown ${what} "${value}"; choose ${valid.join(", ")}`);
}
