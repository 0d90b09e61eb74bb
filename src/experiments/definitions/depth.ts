import {type ArchitectureName, architectures} from "../../network/architectures";
import type {Activation} from "../../network/operations";
import {type Experiment, grid, type Setting} from "../define/experiment";
import {publishedDepthCurve, publishedTickets} from "./published";

export type ConvName = Extract<ArchitectureName, "conv2" | "conv4" | "conv6" | "conv8">;

export const convNames: readonly ConvName[] = ["conv2", "conv4", "conv6", "conv8"];

/** Those that tell most come first: a sweep that is cut short has the shape of the curves. */
const keepFractions = [0.2, 0.5, 0.8, 0.1, 0.4, 0.6, 0.05, 0.9] as const;

/** The trained network of the same architecture, at x = 1: nothing removed. */
export function denseBaselines(archs: readonly ConvName[]): Setting[] {
  return archs.map(arch => ({
    curve: `${architectures[arch].title} dense`,
    x: 1,
    label: `${architectures[arch].title} dense`,
    given: {arch, method: "dense"},
    published: `signedsm-c10-${arch}-baseline`,
  }));
}

function tickets(activation: Activation, archs: readonly ConvName[]): Setting[] {
  return grid<{k: number; arch: ConvName}>({k: keepFractions, arch: archs}).map(({k, arch}) => ({
    curve: architectures[arch].title,
    x: k,
    label: `${architectures[arch].title} k ${k}`,
    given: {arch, activation, keepFraction: k},
    ...(activation === "relu" ? {published: publishedTickets(arch, k)} : {}),
  }));
}

export const depth: Experiment = {
  name: "depth",
  title: "Depth and share of weights kept, MPT-1/32",
  question:
    "How does the accuracy of binary-weight tickets depend on depth and on the share of weights kept?",
  x: "share of weights kept, k",
  paper: "section 3.1, depth and pruning rate, MPT-1/32 (Figure 2 by recollection)",
  publishedCurves: convNames.map(arch => publishedDepthCurve(arch, architectures[arch].title)),
  settings: [...tickets("relu", convNames), ...denseBaselines(convNames)],
};

export const depthBinary: Experiment = {
  name: "depth-binary",
  title: "Depth and share of weights kept, MPT-1/1",
  question: "And with binary activations as well?",
  x: "share of weights kept, k",
  paper: "section 3.1, depth and pruning rate, MPT-1/1 (Figure 2 by recollection)",
  settings: [...tickets("sign", convNames), ...denseBaselines(convNames)],
};
