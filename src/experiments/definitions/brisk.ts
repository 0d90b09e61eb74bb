import {architectures} from "../../network/architectures";
import type {Given} from "../../search/defaults";
import {type Experiment, grid, type Setting} from "../define/experiment";
import {type ConvName, convNames} from "./depth";
import {publishedDepthCurve, publishedTickets} from "./published";
import {seeds, size} from "./slim";

/** The same tickets as `depth`, by the recipe that learns more in an epoch. */
export const depthBrisk: Experiment = {
  name: "depth-brisk",
  title: "Depth and share of weights kept, MPT-1/32, brisk recipe",
  question: "What do the tickets of these networks reach in twenty epochs, searched by the brisk recipe?",
  x: "share of weights kept, k",
  paper: "section 3.1, depth and pruning rate, MPT-1/32 (Figure 2 by recollection); the recipe is ours",
  publishedCurves: convNames.map(arch => publishedDepthCurve(arch, architectures[arch].title)),
  settings: grid<{k: number; arch: ConvName}>({k: [0.1, 0.5, 0.2, 0.05, 0.8], arch: convNames}).map(
    ({k, arch}) => ({
      curve: architectures[arch].title,
      x: k,
      label: `${architectures[arch].title} brisk k ${k}`,
      given: {arch, keepFraction: k, recipe: "brisk"},
      published: publishedTickets(arch, k),
    }),
  ),
};

/** The recipe, the two it is measured against, and the recipe with one part put back to what the unit recipe has. */
const variants: readonly (readonly [name: string, given: Partial<Given>])[] = [
  ["brisk", {recipe: "brisk"}],
  ["unit recipe", {recipe: "unit"}],
  ["reference", {}],
  ["brisk, output gain 1", {recipe: "brisk", outputGain: 1}],
  ["brisk, relative rate", {recipe: "brisk", scoreRate: "relative"}],
  ["brisk, normal weights", {recipe: "brisk", weights: "kaiming-normal"}],
  ["brisk, crop 4", {recipe: "brisk", cropReach: 4}],
];

const slimNets: readonly (readonly [curve: string, given: Given])[] = [
  ["Conv2, k 0.2", {arch: "conv2", keepFraction: 0.2}],
  ["Conv4, k 0.1", {arch: "conv4", keepFraction: 0.1}],
];

export const slimBrisk: Experiment = {
  name: "slim-brisk",
  title: "What each part of the brisk recipe brings, slim nets",
  question: "Which parts of the brisk recipe make a short search learn more?",
  x: "recipe",
  settings: slimNets.flatMap(([curve, net]) =>
    variants.map(
      ([x, change]): Setting => ({
        curve,
        x,
        label: `slim ${curve} ${x}`,
        given: {...size, ...net, ...change},
        seeds,
      }),
    ),
  ),
};
