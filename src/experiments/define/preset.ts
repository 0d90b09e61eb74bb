import {UserError} from "../../core/errors";
import type {DatasetName} from "../../data/load";
import {architectures} from "../../network/architectures";
import type {Given} from "../../search/defaults";

export type PresetName = "smoke" | "laptop" | "night" | "paper";

/** How large an experiment is run: values that become part of each run's spec, and so of its name. */
export interface Preset {
  readonly name: PresetName;
  readonly about: string;
  readonly seeds: readonly number[];
  /** The data set that is used in place of the one asked for. */
  readonly dataset: (asked: DatasetName) => DatasetName;
  /** The settings as this preset cuts them. */
  readonly fix: (given: Given) => Given;
}

/** The laptop's budget, in this one place. */
const LAPTOP = {epochs: 3, interimTestImages: 2000} as const;
/** A night's. */
const NIGHT = {epochs: 20, interimTestImages: 2000} as const;
/** Where the night's length is searched: gradients in 16 bits take up to a third less time; the forward pass stays float32's. */
const NIGHT_LONG = {precision: "bfloat16"} as const;
/** Of the released configurations, and so of everything that the authors say nothing else of. */
const PAPER_EPOCHS = 100;
/** "250 epochs" is the authors' word for CIFAR-10's MPT-1/32; their dense networks take as many as the tickets. */
const PAPER_CIFAR_EPOCHS = 250;

/** How large an experiment is run, from seconds to the paper's size. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  smoke: {
    name: "smoke",
    about:
      "seconds: every setting on 64 digits at an eighth of the width; tests the machinery, measures nothing",
    seeds: [0],
    dataset: () => "mnist",
    fix: given => ({
      ...given,
      // Narrower, a first layer has too few weights to keep a twentieth of them.
      width: Math.max((given.width ?? 1) / 8, 1 / 16),
      epochs: 1,
      batchSize: 32,
      subset: 64,
      interimTestImages: undefined,
      precision: "float32",
      // One epoch leaves a ramp no room.
      ...(given.ramp ? {ramp: {...given.ramp, epochs: 0}} : {}),
    }),
  },
  laptop: {
    name: "laptop",
    about: `hours on two cores: all training images, ${LAPTOP.epochs} epochs, one seed; while it runs the first 2,000 test images, at the end all`,
    seeds: [0],
    dataset: asked => asked,
    fix: given => ({...LAPTOP, ...given}),
  },
  night: {
    name: "night",
    about: `a night on two cores: all training images, ${NIGHT.epochs} epochs, one seed; while it runs the first 2,000 test images, at the end all; gradients in bfloat16`,
    seeds: [0],
    dataset: asked => asked,
    fix: given => ({...NIGHT, ...(given.epochs === undefined ? NIGHT_LONG : {}), ...given}),
  },
  paper: {
    name: "paper",
    about: `the paper's length as far as it is known: ${PAPER_CIFAR_EPOCHS} epochs for MPT-1/32, dense networks and Conv2 to Conv8 on CIFAR-10, as the authors told and ran them, else the ${PAPER_EPOCHS} of their configurations; three seeds, float32`,
    seeds: [0, 1, 2],
    dataset: asked => asked,
    fix: given => ({epochs: paperEpochs(given), ...given}),
  },
};

export const presetNames: readonly PresetName[] = Object.keys(presets) as PresetName[];

/** Those that measure, the longest first. */
export const measuringPresets: readonly PresetName[] = presetNames.filter(name => name !== "smoke").reverse();

export function presetNamed(name: string): Preset {
  if (Object.hasOwn(presets, name)) return presets[name as PresetName];
  throw new UserError(`unknown preset "${name}"; choose ${presetNames.join(", ")}`);
}

/** Conv2 to Conv8 with binary activations too: the authors' deleted helper script ran them as long. */
function paperEpochs({arch, method, activation = "relu"}: Given): number {
  const {dataset, family} = architectures[arch];
  if (dataset !== "cifar10") return PAPER_EPOCHS;
  const long = activation === "relu" || method === "dense" || family === "conv";
  return long ? PAPER_CIFAR_EPOCHS : PAPER_EPOCHS;
}
