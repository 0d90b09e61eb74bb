import {architectures} from "../../network/architectures";
import {type Experiment, grid} from "../define/experiment";
import {type ConvName, convNames, denseBaselines} from "./depth";
import {publishedWidthCurve} from "./published";

const KEEP = 0.5;

export const width: Experiment = {
  name: "width",
  title: "Width",
  question: "Do wider random networks hold better tickets, up to the trained network's accuracy?",
  x: "width, as a multiple of the usual one",
  paper: "section 3.1, width (Figure 3 by recollection)",
  publishedCurves: convNames.map(arch => publishedWidthCurve(arch, `${architectures[arch].title} 1/32`)),
  settings: [
    ...grid<{arch: ConvName; factor: number}>({arch: convNames, factor: [1, 0.5, 0.25, 1.5, 2]}).map(
      ({arch, factor}) => ({
        curve: `${architectures[arch].title} 1/32`,
        x: factor,
        label: `${architectures[arch].title} ×${factor} 1/32`,
        given: {arch, width: factor, keepFraction: KEEP},
      }),
    ),
    ...grid<{arch: ConvName; factor: number}>({arch: ["conv4", "conv6"], factor: [0.5, 1, 1.5, 2]}).map(
      ({arch, factor}) => ({
        curve: `${architectures[arch].title} 1/1`,
        x: factor,
        label: `${architectures[arch].title} ×${factor} 1/1`,
        given: {arch, width: factor, keepFraction: KEEP, activation: "sign" as const},
      }),
    ),
    ...denseBaselines(convNames),
  ],
};
