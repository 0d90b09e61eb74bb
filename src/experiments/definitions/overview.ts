import type {Experiment, Setting} from "../define/experiment";
import {cifar10Binary, cifar10Real} from "./cifar10";
import {depth, depthBinary} from "./depth";

/** Nothing of its own to run: all tickets and dense networks of the other experiments, by what they would cost. */
export const overview: Experiment = {
  name: "overview",
  title: "Size against accuracy",
  question: "What accuracy does a network of how many bytes reach?",
  x: "bytes",
  settings: [
    ...depth.settings,
    ...depthBinary.settings
      .filter(({given}) => given.method !== "dense")
      .map(
        (setting): Setting => ({...setting, curve: `${setting.curve} 1/1`, label: `${setting.label} 1/1`}),
      ),
    ...cifar10Real.settings,
    ...cifar10Binary.settings,
  ],
};
