import {fanRules} from "../core/fan";
import {layerGainNames} from "../core/layerGain";
import {checkKeepFraction} from "../core/mask";
import {Stream} from "../core/random";
import {weightRules} from "../core/weights";
import {architectureNames, operationsOf} from "../network/architectures";
import {batchNormModes} from "../network/batchNormMode";
import {layerShapes} from "../network/shapes";
import type {Json, Ticket, TicketBatchNorm, TicketLayer} from "./ticket";
import {TicketError} from "./ticketError";

/** A ticket without its numbers: what the header of a file says. */
export type TicketHead = Omit<Ticket, "layers" | "batchNorms" | "ranks"> & {
  readonly layers: readonly {readonly name: string; readonly shape: readonly number[]}[];
  readonly batchNorms: readonly {readonly name: string; readonly channels: number}[];
  readonly fractions?: readonly number[];
};

const MOST_WEIGHTS = 2 ** 30;
const MOST_FRACTIONS = 64;
const DEEPEST = 32;
/** Of a whole file: its reader reserves memory by the file's size, not by what the file claims. */
const MOST_WEIGHTS_A_BYTE = 1024;

/** Refuses a head whose parts do not fit each other, before anything of the sizes it names is made. */
export function checkHead(head: TicketHead): void {
  const {network, image, classNames, normalisation, batchNorm, selection, signs, fractions} = head;
  check(architectureNames.includes(network.arch), () => `unknown architecture "${network.arch}"`);
  check(
    classNames.length === network.classes,
    () => `${classNames.length} names of ${network.classes} classes`,
  );
  check(image.length === 3 && image.every(isCount), () => `the image is [${image}]`);
  const {mean, sd} = normalisation;
  const channels = image[2];
  check(
    mean.length === channels && sd.length === channels && mean.every(Number.isFinite) && sd.every(isPositive),
    () => `the normalisation needs a mean and a positive sd for each of ${channels} channels`,
  );
  check(batchNormModes.includes(batchNorm.mode), () => `unknown batch norm mode "${batchNorm.mode}"`);
  check(isPositive(batchNorm.epsilon), () => `the epsilon of batch norm is ${batchNorm.epsilon}`);
  check(
    selection.kind === "layerwise" || selection.kind === "global",
    () => `unknown selection "${selection.kind}"`,
  );
  asTicketError(() => checkKeepFraction(selection.keepFraction));
  check(["seed", "positive", "stored"].includes(signs.kind), () => `unknown source of signs "${signs.kind}"`);
  if (signs.kind !== "stored") {
    const {weights, fan, gain} = signs.initialisation;
    asTicketError(() => new Stream(signs.seed, ""));
    check(Object.hasOwn(weightRules, weights), () => `unknown weight initialisation "${weights}"`);
    check(Object.hasOwn(fanRules, fan), () => `unknown fan rule "${fan}"`);
    check(layerGainNames.includes(gain), () => `unknown gain rule "${gain}"`);
  }
  if (fractions) checkFractions(fractions);
  check(depthOf(head.provenance) <= DEEPEST, () => "the provenance is nested too deeply");
  checkLayers(head);
}

/** The layers that a head lists must be those of its network. */
function checkLayers({network, image, layers, batchNorms}: TicketHead): void {
  const expected = asTicketError(() => layerShapes(operationsOf(network), image));
  const same = (ours: object, theirs: object): boolean => JSON.stringify(ours) === JSON.stringify(theirs);
  const shapes = expected.layers.map(({name, shape}) => ({name, shape}));
  check(
    same(
      shapes,
      layers.map(({name, shape}) => ({name, shape})),
    ),
    () => `its layers are not those of ${network.arch}`,
  );
  check(
    same(
      expected.batchNorms,
      batchNorms.map(({name, channels}) => ({name, channels})),
    ),
    () => `its batch norms are not those of ${network.arch}`,
  );
  for (const {name, weights} of expected.layers) {
    check(
      weights <= MOST_WEIGHTS,
      () => `layer ${name} has ${weights} weights; at most ${MOST_WEIGHTS} can be held`,
    );
  }
}

function checkFractions(fractions: readonly number[]): void {
  check(
    fractions.length > 0 && fractions.length <= MOST_FRACTIONS,
    () => `ranks for ${fractions.length} keep fractions; 1 to ${MOST_FRACTIONS} are possible`,
  );
  for (const fraction of fractions) asTicketError(() => checkKeepFraction(fraction));
  check(
    fractions.every((fraction, i) => i === 0 || fraction > fractions[i - 1]),
    () => `the keep fractions of the ranks must rise, got ${fractions.join(", ")}`,
  );
}

/** Refuses a layer whose numbers do not fit its shape. */
export function checkLayer({name, shape, signs, gain}: TicketLayer): void {
  const weights = shape.reduce((product, size) => product * size, 1);
  check(signs.length === weights, () => `layer ${name} holds ${signs.length} signs for ${weights} weights`);
  for (let i = 0; i < signs.length; i++) {
    if (signs[i] < -1 || signs[i] > 1)
      throw new TicketError(`sign ${i} of layer ${name} is neither −1, 0 nor 1`);
  }
  check(
    Number.isFinite(gain) && Math.fround(gain) === gain,
    () => `the gain of layer ${name} is no float32: ${gain}`,
  );
}

/** Refuses a batch norm that gives anything but numbers. */
export function checkBatchNorm(batchNorm: TicketBatchNorm, affine: boolean, epsilon: number): void {
  const {name, mean, variance, gamma, beta} = batchNorm;
  const values = [mean, variance, ...(gamma ? [gamma] : []), ...(beta ? [beta] : [])];
  check(
    (gamma !== undefined) === affine && (beta !== undefined) === affine,
    () => `batch norm ${name} ${affine ? "lacks" : "has"} γ and β`,
  );
  check(
    values.every(each => each.length === mean.length),
    () => `batch norm ${name} has values of two lengths`,
  );
  check(
    values.every(each => each.every(Number.isFinite)),
    () => `batch norm ${name} holds a value that is no number`,
  );
  check(
    variance.every(each => each + epsilon > 0),
    () => `batch norm ${name} has a negative variance`,
  );
}

/** Refuses more weights than a file of that size may have, in reading and in writing; ranks count again, a fraction each. */
export function checkFileSize(
  {layers, fractions = []}: Pick<TicketHead, "layers" | "fractions">,
  fileBytes: number,
): void {
  const weights = layers.reduce(
    (sum, {shape}) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
  check(
    weights * (1 + fractions.length) <= MOST_WEIGHTS_A_BYTE * fileBytes,
    () =>
      `${weights} weights in ${fileBytes} bytes; a file has at most ${MOST_WEIGHTS_A_BYTE} weights a byte`,
  );
}

export function check(holds: boolean, otherwise: () => string): void {
  if (!holds) throw new TicketError(otherwise());
}

function asTicketError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new TicketError((error as Error).message);
  }
}

function isPositive(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

/** Stops counting where it is too deep. */
function depthOf(value: Json, depth = 0): number {
  if (value === null || typeof value !== "object" || depth > DEEPEST) return depth;
  return Object.values(value).reduce<number>((most, each) => Math.max(most, depthOf(each, depth + 1)), depth);
}
