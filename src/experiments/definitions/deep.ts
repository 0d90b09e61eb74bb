import type {Given} from "../../search/defaults";
import {sgd} from "../../search/recipe";
import {type Experiment, grid, type Setting} from "../define/experiment";

/** 471 steps of a slim net; fewer than the other slim ablations take, since it asks what moves early. */
const size = {width: 0.25, subset: 5000, batchSize: 32, epochs: 3, interimTestImages: 1000} as const;

/** A kind of network: batch norm stands before every sign but where the name denies it, and before a ReLU where it says so. */
type Kind = readonly [name: string, given: Given];

const deepNets: readonly Kind[] = [
  ["Conv8", {arch: "conv8"}],
  ["Conv8 BN", {arch: "conv8-bn"}],
  ["Conv8 1/1", {arch: "conv8", activation: "sign"}],
  ["Conv8 1/1 no BN", {arch: "conv8-no-bn", activation: "sign"}],
];
const shallowNets: readonly Kind[] = [
  ["Conv2", {arch: "conv2"}],
  ["Conv2 BN", {arch: "conv2-bn"}],
  ["Conv2 1/1", {arch: "conv2", activation: "sign"}],
  ["Conv2 1/1 no BN", {arch: "conv2-no-bn", activation: "sign"}],
];

const relative = {optimizer: sgd(1e-4), scoreRate: "relative", learningRate: 0.001} as const;

/** The gain and the rate. The reference's own is SGD 0.1 with ReLU, Adam 0.1 with signs; unit needs a smaller one. */
const rules: readonly (readonly [string, Partial<Given>])[] = [
  ["reference", {}],
  ["reference, relative rate", relative],
  ["unit, relative rate", {gain: "unit", ...relative}],
  ["unit, rate 0.003", {gain: "unit", optimizer: sgd(1e-4), learningRate: 0.003}],
];

const settings = (nets: readonly Kind[], ks: readonly number[]): Setting[] =>
  grid<{net: Kind; k: number; rule: (typeof rules)[number]}>({net: nets, k: ks, rule: rules}).map(
    ({net: [name, given], k, rule: [curve, change]}) => ({
      curve,
      x: `${name}, k ${k}`,
      label: `slim ${name} k ${k} ${curve}`,
      given: {...given, keepFraction: k, ...size, ...change},
      seeds: [0, 1, 2],
    }),
  );

export const deep: Experiment = {
  name: "slim-deep",
  title: "Depth, weights kept, batch norm and the rate, slim nets",
  question: "Which gain and rate let deep, heavily pruned searches learn within a few epochs?",
  x: "network and share kept",
  settings: [...settings(deepNets, [0.1, 0.5]), ...settings(shallowNets, [0.1])],
};
