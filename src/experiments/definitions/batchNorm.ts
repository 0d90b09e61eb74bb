import type {Given} from "../../search/defaults";
import type {Experiment} from "../define/experiment";

const networks: readonly (readonly [string, Given])[] = [
  ["Conv4 1/1", {arch: "conv4", activation: "sign", keepFraction: 0.5}],
  ["Conv6 1/1", {arch: "conv6", activation: "sign", keepFraction: 0.5}],
  ["VGG-Small 1.25× 1/1", {arch: "vgg-small-bn", width: 1.25, activation: "sign", keepFraction: 0.25}],
  ["VGG-Small 1/32", {arch: "vgg-small", keepFraction: 0.05}],
  ["ResNet-18 1/32", {arch: "cifar-resnet18", keepFraction: 0.2}],
];

const modes = [
  ["fixed", "none"],
  ["bias learned", "bias"],
  ["learned (+BN)", "learned"],
] as const;

export const batchNorm: Experiment = {
  name: "batch-norm",
  title: "The effect of +BN",
  question: "What does learning batch norm's scale and shift beside the scores bring?",
  x: "batch norm",
  settings: networks.flatMap(([curve, given]) =>
    modes.map(([x, mode]) => ({
      curve,
      x,
      label: `${curve} ${x}`,
      given: {...given, batchNorm: mode},
    })),
  ),
};
