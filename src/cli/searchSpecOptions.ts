import {type Command, InvalidArgumentError, Option} from "commander";
import {fanRules} from "../core/fan";
import {layerGainNames} from "../core/layerGain";
import {rankings} from "../core/ranking";
import {scoreRules} from "../core/scores";
import {weightRules} from "../core/weights";
import {methods} from "../layers/method";
import {scoreGradients} from "../layers/scoreGradients";
import {surrogates} from "../layers/surrogates";
import {architectureNames} from "../network/architectures";
import {batchNormModes} from "../network/batchNormMode";
import {searchSpec} from "../search/defaults";
import {
  type OptimizerSpec,
  precisions,
  type RampSpec,
  type ScheduleSpec,
  type SearchSpec,
} from "../search/spec";
import {countingNumber, nonNegative, number, positive, share, wholeNumber} from "./options";

/** The options of `search` that make up a spec, as commander names them. */
export interface SpecOptions
  extends Omit<
    Partial<SearchSpec>,
    "arch" | "keepFraction" | "weights" | "batchNorm" | "optimizer" | "learningRate" | "schedule" | "ramp"
  > {
  arch: SearchSpec["arch"];
  keep?: number;
  ramp?: number;
  rampFrom?: number;
  init?: SearchSpec["weights"];
  bn?: SearchSpec["batchNorm"];
  tuneBn?: boolean;
  optimizer?: OptimizerSpec["name"];
  lr?: number;
  momentum?: number;
  nesterov?: boolean;
  weightDecay?: number;
  clip?: number;
  bnDecay: boolean;
  schedule?: ScheduleSpec["name"];
  warmup?: number;
  gamma?: number;
  adjust?: number;
  milestones?: number[];
}

/** Adds them; a default in brackets is the architecture's own, from the reference's configurations. */
export function addSpecOptions(command: Command): Command {
  const choice = (flags: string, about: string, choices: readonly string[]): Option =>
    new Option(flags, about).choices(choices);
  return command
    .addOption(choice("--arch <name>", "network", architectureNames).default("digits"))
    .addOption(choice("--activation <name>", "relu: MPT-1/32, sign: MPT-1/1 (relu)", ["relu", "sign"]))
    .option("--width <factor>", "multiplies every layer's width (1)", positive)
    .addOption(
      choice("--method <name>", "baselines: dense trains the weights, random-mask nothing (biprop)", methods),
    )
    .option("--keep <share>", "share of weights kept, in (0, 1] (0.5)", share)
    .addOption(
      choice("--selection <name>", "one threshold a layer, or one for all (layerwise)", [
        "layerwise",
        "global",
      ]),
    )
    .addOption(choice("--ranking <name>", "keep by |score|, or by the signed score (magnitude)", rankings))
    .option("--ramp <epochs>", "epochs until only the share is kept, 0 for none (global 10)", wholeNumber)
    .option("--ramp-from <share>", "what the first epoch of a ramp keeps (0.5)", share)
    .addOption(choice("--init <name>", "random weights (kaiming-normal)", Object.keys(weightRules)))
    .addOption(
      choice("--fan <name>", "pruned scales by 1−k as the reference does (pruned)", Object.keys(fanRules)),
    )
    .addOption(choice("--scores <name>", "start scores (uniform)", Object.keys(scoreRules)))
    .addOption(choice("--gain <name>", "the one scalar of a layer (mean-kept)", layerGainNames))
    .addOption(
      choice(
        "--score-gradient <name>",
        "how the loss reaches the scores; sign-only leaves |W| out (straight-through)",
        Object.keys(scoreGradients),
      ),
    )
    .addOption(
      choice("--surrogate <name>", "slope of the binary activation (bi-real)", Object.keys(surrogates)),
    )
    .addOption(choice("--bn <mode>", "batch norm's γ and β; learned is +BN (none)", batchNormModes))
    .option("--tune-bn", "train batch norm alone, leave the scores")
    .addOption(choice("--optimizer <name>", "of scores [the architecture's]", ["sgd", "adam"]))
    .option("--lr <rate>", "learning rate [the architecture's]", nonNegative)
    .addOption(
      choice("--score-rate <name>", "relative: --lr in units of each layer's scores (absolute)", [
        "absolute",
        "relative",
      ]),
    )
    .option("--momentum <share>", "of SGD [the architecture's]", nonNegative)
    .option("--nesterov", "Nesterov momentum")
    .option("--weight-decay <rate>", "acts on scores too [the architecture's]", nonNegative)
    .option("--no-bn-decay", "spare batch norm the weight decay")
    .option("--clip <value>", "clip gradients to ± this", positive)
    .addOption(
      choice("--schedule <name>", "of the learning rate, a step an epoch (cosine)", [
        "constant",
        "cosine",
        "multistep",
      ]),
    )
    .option("--warmup <epochs>", "of a constant or cosine schedule", wholeNumber)
    .option("--gamma <factor>", "of a multistep schedule (0.1)", positive)
    .option("--adjust <epochs>", "steps of a multistep schedule (20)", countingNumber)
    .option("--milestones <epochs>", "steps of a multistep schedule, such as 30,60,80", milestones)
    .option(
      "--label-smoothing <share>",
      "(0)",
      number("in [0, 1]", v => v >= 0 && v <= 1),
    )
    .option("--epochs <n>", "[the architecture's: 100, digits 15]; 0 tests the start", wholeNumber)
    .option("--batch-size <n>", "[the architecture's]", countingNumber)
    .option("--batch-parts <n>", "parts a batch is taken in, where memory is short (1)", countingNumber)
    .option(
      "--seed <n>",
      "of weights, scores and batches (0)",
      number("a whole number below 2³²", v => Number.isInteger(v) && v >= 0 && v < 2 ** 32),
    )
    .option("--subset <n>", "training images used, by a fixed permutation (all)", countingNumber)
    .option("--batch-seed <n>", "of batches and augmentation (that of the weights)", wholeNumber)
    .option(
      "--interim-test-images <n>",
      "test images evaluated after each epoch but the last (all)",
      countingNumber,
    )
    .addOption(choice("--precision <name>", "of convolutions and matrix products (float32)", precisions));
}

/** The spec that the options ask for; an option left out takes the reference's value for the architecture. */
export function specFrom(options: SpecOptions): SearchSpec {
  const {keep, init, bn, tuneBn, lr, optimizer, momentum, nesterov, weightDecay, clip, bnDecay, schedule} =
    options;
  const {
    warmup,
    gamma,
    adjust,
    milestones: steps,
    arch,
    activation,
    width,
    method,
    selection,
    ranking,
    fan,
    scores,
    gain,
  } = options;
  const {scoreGradient, surrogate, labelSmoothing, epochs, batchSize, batchParts, seed, subset, precision} =
    options;
  const {batchSeed, interimTestImages, scoreRate} = options;
  const plain = {
    arch,
    activation,
    width,
    method,
    selection,
    ranking,
    fan,
    scores,
    gain,
    scoreGradient,
    surrogate,
  };
  const rest = {
    labelSmoothing,
    epochs,
    batchSize,
    batchParts,
    seed,
    batchSeed,
    subset,
    interimTestImages,
    precision,
  };
  const given = {
    ...plain,
    ...rest,
    keepFraction: keep,
    weights: init,
    batchNorm: bn,
    tuneBatchNorm: tuneBn,
    learningRate: lr,
  };
  const usual = searchSpec(given);
  const same = optimizer === undefined || optimizer === usual.optimizer.name;
  const base: OptimizerSpec = same ? usual.optimizer : {name: optimizer};
  const changes = {
    momentum,
    nesterov,
    weightDecay,
    clipValue: clip,
    ...(bnDecay ? {} : {batchNormDecay: false}),
  };
  const present = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const {ramp: rampEpochs, rampFrom} = options;
  const scheduled = schedule ?? usual.schedule.name;
  const kept = scheduled === usual.schedule.name ? usual.schedule : {};
  return searchSpec({
    ...given,
    scoreRate,
    ramp: rampOf(usual.ramp, rampEpochs, rampFrom),
    optimizer: {...base, ...present},
    schedule:
      scheduled === "multistep"
        ? {name: scheduled, ...kept, ...defined({gamma, adjust, milestones: steps, warmupEpochs: warmup})}
        : {name: scheduled, ...kept, ...defined({warmupEpochs: warmup, gamma, adjust, milestones: steps})},
  });
}

function rampOf(usual: RampSpec | undefined, epochs?: number, from?: number): RampSpec | undefined {
  if (epochs === undefined && from === undefined) return usual;
  return {epochs: epochs ?? usual?.epochs ?? 0, from: from ?? usual?.from ?? 0.5};
}

function milestones(text: string): number[] {
  const epochs = text.split(",").map(Number);
  if (text.trim() !== "" && epochs.every(epoch => Number.isInteger(epoch) && epoch >= 0)) return epochs;
  throw new InvalidArgumentError("It must be whole epochs with commas between, such as 30,60,80.");
}

function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
