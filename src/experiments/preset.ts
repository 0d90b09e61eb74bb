import {UserError} from "../core/errors";
import type {DatasetName} from "../data/load";
import type {SearchSpec} from "../search/spec";

export type PresetName = "smoke" | "laptop" | "paper";

/** What a setting of an experiment says of its search; the preset and the reference's recipe fill in the rest. */
export type Given = Partial<SearchSpec> & Pick<SearchSpec, "arch">;

/** How large an experiment is run: values that become part of each run's spec, and so of its name. */
export interface Preset {
  readonly name: PresetName;
  readonly about: string;
  readonly seeds: readonly number[];
  readonly dataset: (asked: DatasetName) => DatasetName;
  readonly fix: (given: Given) => Given;
}

/** The laptop's budget, in this one place. */
const LAPTOP = {epochs: 3, interimTestImages: 2000} as const;
const PAPER_EPOCHS = 100;
/** The authors' deleted helper script ran the tickets of Conv2 to Conv8 for so many. */
const PAPER_CONV_EPOCHS = 250;

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
  paper: {
    name: "paper",
    about: `the reference's own length: ${PAPER_EPOCHS} epochs (tickets in Conv2 to Conv8 ${PAPER_CONV_EPOCHS}), three seeds, float32`,
    seeds: [0, 1, 2],
    dataset: asked => asked,
    fix: given => ({epochs: paperEpochs(given), ...given}),
  },
};

export const presetNames: readonly PresetName[] = Object.keys(presets) as PresetName[];

export function presetNamed(name: string): Preset {
  if (Object.hasOwn(presets, name)) return presets[name as PresetName];
  throw new UserError(`unknown preset "${name}"; choose ${presetNames.join(", ")}`);
}

function paperEpochs({arch, method}: Given): number {
  return /^conv\d$/.test(arch) && method !== "dense" ? PAPER_CONV_EPOCHS : PAPER_EPOCHS;
}
