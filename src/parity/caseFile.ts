import {UserError} from "../core/errors";
import {readRegularFile} from "../system/regularFile";
import type {TensorSpec} from "./generator";

/** One operation of a case: NCHW, weights OIHW; W, S, gamma and beta are tensor numbers. */
export type CaseOperation =
  | {
      op: "conv";
      name: string;
      shape: [number, number, number, number];
      stride: number;
      pad: number;
      W: number;
      S: number;
    }
  | {op: "bn"; name: string; channels: number; gamma?: number; beta?: number}
  | {op: "maxpool"; size: number; stride: number; pad: number}
  | {op: "residual"; main: CaseOperation[]; shortcut: CaseOperation[]}
  | {op: "relu" | "sign" | "flatten" | "avgpool"};

/** A number and how far float32 runs fall from it. */
export interface Expected {
  v: number;
  noise: number;
}
/** A flat or nested array, or samples of one at flat indices. */
export interface ExpectedArray {
  i?: number[];
  v: number[] | number[][];
  noise: number;
}

export interface ExpectedLayer {
  kept: number;
  zeroWeights: number;
  alpha: Expected;
  weffSum: Expected;
  weffAbsSum: Expected;
  weff: ExpectedArray;
  dS: {l2: Expected; sum: Expected; relL2Noise: number; samples: ExpectedArray};
}
export interface ExpectedAfter {
  maskChanged: Expected;
  kept: Expected;
  scoresL2: Expected;
}
export interface ExpectedBatchNorm {
  dGammaL2?: Expected;
  dBetaL2?: Expected;
  dGamma?: ExpectedArray;
  dBeta?: ExpectedArray;
}
export interface ExpectedStatistics {
  meanSum: Expected;
  varSum: Expected;
  mean: ExpectedArray;
  var: ExpectedArray;
}

export interface CaseOptimizer {
  name: "sgd" | "adam";
  lr: number;
  momentum?: number;
  dampening?: number;
  nesterov?: boolean;
  weightDecay?: number;
  beta1?: number;
  beta2?: number;
  eps?: number;
}

/** Golden numbers of the reference implementation (chrundle/biprop f709fc5) for one network and a few steps. */
export interface ParityCase {
  formatVersion: number;
  name: string;
  keepFraction: number;
  pruning: "layerwise" | "global";
  bn: "none" | "nonaffine" | "affine-frozen" | "learned";
  bnEps: number;
  bnMomentum: number;
  optimizer: CaseOptimizer | null;
  seed: number;
  batch: number;
  /** [channels, height, width] */
  image: [number, number, number];
  classes: number;
  steps: number;
  architecture: CaseOperation[];
  tensors: TensorSpec[];
  comparableSteps: number;
  kinkStress?: number;
  expected: {
    step0: {
      loss?: Expected;
      logits?: ExpectedArray;
      layers: Record<string, ExpectedLayer>;
      bn?: Record<string, ExpectedBatchNorm>;
    };
    runningStatsAfterStep1?: Record<string, ExpectedStatistics>;
    thresholds?: {v: number[]; noise: number};
    losses?: Record<string, number[]>;
    afterUpdate1?: Record<string, ExpectedAfter>;
    afterLast?: {layers: Record<string, ExpectedAfter>; evalLogits?: ExpectedArray};
  };
}

/** Reads a case; a file that is none, or of another version, is refused in one line. */
export function readCase(path: string): ParityCase {
  let text: string;
  try {
    text = readRegularFile(path).toString("utf8");
  } catch (error) {
    throw new UserError(`cannot read the parity case ${path}: ${(error as Error).message}`);
  }
  let read: Partial<ParityCase> | null;
  try {
    read = JSON.parse(text);
  } catch {
    throw new UserError(`${path} is not JSON, so no parity case`);
  }
  if (
    read === null ||
    typeof read !== "object" ||
    !Array.isArray(read.architecture) ||
    !Array.isArray(read.tensors)
  ) {
    throw new UserError(`${path} is no parity case: it has no architecture and tensors`);
  }
  if (read.formatVersion !== 1) {
    throw new UserError(`${path} has format version ${read.formatVersion}; this reader knows 1`);
  }
  oneOf(path, "pruning", read.pruning, ["layerwise", "global"]);
  oneOf(path, "bn", read.bn, ["none", "nonaffine", "affine-frozen", "learned"]);
  if (read.optimizer) oneOf(path, "optimizer", read.optimizer.name, ["sgd", "adam"]);
  if (read.expected?.step0?.layers === undefined) throw new UserError(`${path} holds no expected values`);
  return read as ParityCase;
}

function oneOf(path: string, what: string, value: unknown, known: readonly string[]): void {
  if (known.includes(value as string)) return;
  throw new UserError(`${path} asks for ${what} "${value}"; this reader knows ${known.join(", ")}`);
}
