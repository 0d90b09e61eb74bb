import {cellsOf, type Experiment} from "../../src/experiments/define/experiment";
import type {Found} from "../../src/experiments/show/rows";
import {someRecord} from "./someRecord";

/** Two points of a curve, one of them at chance, and a level: two seeds of each but the last, which was not run. */
export const experiment: Experiment = {
  name: "made-up",
  title: "Made up",
  question: "Does it add up?",
  x: "share kept",
  settings: [
    {curve: "Conv2", x: 0.5, given: {arch: "conv2", keepFraction: 0.5}, seeds: [1, 2]},
    {
      curve: "Conv2",
      x: 0.1,
      given: {arch: "conv2", keepFraction: 0.1},
      seeds: [1, 2],
      published: "mpt-c10-conv2-10pct",
    },
    {curve: "Conv2 dense", x: 1, given: {arch: "conv2", method: "dense"}, seeds: [1, 2]},
    {curve: "Conv4", x: 0.5, given: {arch: "conv4", keepFraction: 0.5}, seeds: [1]},
  ],
};
const accuracies = [40, 42, 10, 11, 60, 60];
export const found: Found[] = cellsOf(experiment, "laptop").map((cell, i) =>
  i < accuracies.length ? {cell, record: someRecord(cell.spec, {testAccuracy: accuracies[i]})} : {cell},
);
