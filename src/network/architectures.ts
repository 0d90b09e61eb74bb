import {unknownChoice} from "../core/choice";
import {UserError} from "../core/errors";
import {cifarResnet} from "./cifarResnet";
import {convNet, digitsNet} from "./convNets";
import {everyOperation} from "./geometry";
import {imagenetResnet, wideResnet} from "./imagenetResnet";
import type {Activation, ImageShape, Operation, Plan} from "./operations";
import {basicBlock, bottleneck} from "./residualBlocks";
import {vggSmall, vggSmallBn} from "./vggSmall";

/** Networks that the reference configures alike. */
export type Family = "digits" | "conv" | "vgg" | "cifar-resnet" | "imagenet-resnet";

/** A network of the table. */
export interface Architecture {
  readonly describe: string;
  /** Its name in figures, tables and labels. */
  readonly title: string;
  readonly family: Family;
  /** The data that it was made for. */
  readonly dataset: "mnist" | "cifar10" | "imagenet";
  /** Their images; others do as long as every pooling and stride has something left. */
  readonly image: ImageShape;
  /** Of the data it was made for: 10 unless given. */
  readonly classes?: number;
  readonly operations: Plan;
}

const digits = {family: "digits", dataset: "mnist", image: [28, 28, 1]} as const;
const cifar = {dataset: "cifar10", image: [32, 32, 3]} as const;
const conv = {family: "conv", ...cifar} as const;
const vgg = {family: "vgg", ...cifar} as const;
const cifarNet = {family: "cifar-resnet", ...cifar} as const;
const imagenet = {
  family: "imagenet-resnet",
  dataset: "imagenet",
  image: [224, 224, 3],
  classes: 1000,
} as const;
const blocks18 = [2, 2, 2, 2];
const blocks34 = [3, 4, 6, 3];
const hidden = [256, 256];
const resnetStages = [16, 32, 64];

export type ArchitectureName =
  | "digits"
  | "conv2"
  | "conv4"
  | "conv6"
  | "conv8"
  | "conv2-bn"
  | "conv8-bn"
  | "conv2-no-bn"
  | "conv8-no-bn"
  | "vgg-small"
  | "vgg-small-bn"
  | "cifar-resnet18"
  | "cifar-resnet20"
  | "cifar-resnet32"
  | "cifar-resnet44"
  | "cifar-resnet56"
  | "cifar-resnet110"
  | "resnet18"
  | "resnet34"
  | "resnet50"
  | "wide-resnet18"
  | "wide-resnet34"
  | "wide-resnet50";

/** Every network by name; a new one is a row. */
export const architectures: Readonly<Record<ArchitectureName, Architecture>> = {
  digits: {
    title: "digits",
    describe: "two convolutions and two dense layers, for 28×28 digits",
    ...digits,
    operations: digitsNet,
  },
  conv2: {title: "Conv2", describe: "Conv2", ...conv, operations: convNet([64], hidden)},
  conv4: {title: "Conv4", describe: "Conv4", ...conv, operations: convNet([64, 128], hidden)},
  conv6: {title: "Conv6", describe: "Conv6", ...conv, operations: convNet([64, 128, 256], hidden)},
  conv8: {title: "Conv8", describe: "Conv8", ...conv, operations: convNet([64, 128, 256, 512], hidden)},
  "conv2-bn": {
    title: "Conv2-bn",
    describe: "Conv2, batch norm before every activation",
    ...conv,
    operations: convNet([64], hidden, "always"),
  },
  "conv8-bn": {
    title: "Conv8-bn",
    describe: "Conv8, batch norm before every activation",
    ...conv,
    operations: convNet([64, 128, 256, 512], hidden, "always"),
  },
  "conv2-no-bn": {
    title: "Conv2-no-bn",
    describe: "Conv2 without batch norm under either activation",
    ...conv,
    operations: convNet([64], hidden, "never"),
  },
  "conv8-no-bn": {
    title: "Conv8-no-bn",
    describe: "Conv8 without batch norm under either activation",
    ...conv,
    operations: convNet([64, 128, 256, 512], hidden, "never"),
  },
  "vgg-small": {
    title: "VGG-Small",
    describe: "VGG-Small, batch norm after poolings only",
    ...vgg,
    operations: vggSmall,
  },
  "vgg-small-bn": {
    title: "VGG-Small-bn",
    describe: "VGG-Small, batch norm before every activation",
    ...vgg,
    operations: vggSmallBn,
  },
  "cifar-resnet18": {
    title: "ResNet-18",
    describe: "ResNet-18 for CIFAR",
    ...cifarNet,
    operations: cifarResnet([64, 128, 256, 512], 2),
  },
  "cifar-resnet20": {
    title: "ResNet-20",
    describe: "ResNet-20 for CIFAR",
    ...cifarNet,
    operations: cifarResnet(resnetStages, 3),
  },
  "cifar-resnet32": {
    title: "ResNet-32",
    describe: "ResNet-32 for CIFAR",
    ...cifarNet,
    operations: cifarResnet(resnetStages, 5),
  },
  "cifar-resnet44": {
    title: "ResNet-44",
    describe: "ResNet-44 for CIFAR",
    ...cifarNet,
    operations: cifarResnet(resnetStages, 7),
  },
  "cifar-resnet56": {
    title: "ResNet-56",
    describe: "ResNet-56 for CIFAR",
    ...cifarNet,
    operations: cifarResnet(resnetStages, 9),
  },
  "cifar-resnet110": {
    title: "ResNet-110",
    describe: "ResNet-110 for CIFAR",
    ...cifarNet,
    operations: cifarResnet(resnetStages, 18),
  },
  resnet18: {
    title: "ResNet-18 (ImageNet)",
    describe: "ResNet-18 for ImageNet",
    ...imagenet,
    operations: imagenetResnet(basicBlock, blocks18),
  },
  resnet34: {
    title: "ResNet-34 (ImageNet)",
    describe: "ResNet-34 for ImageNet",
    ...imagenet,
    operations: imagenetResnet(basicBlock, blocks34),
  },
  resnet50: {
    title: "ResNet-50 (ImageNet)",
    describe: "ResNet-50 for ImageNet",
    ...imagenet,
    operations: imagenetResnet(bottleneck(), blocks34),
  },
  "wide-resnet18": {
    title: "Wide ResNet-18",
    describe: "Wide ResNet-18 (factor 2) for ImageNet",
    ...imagenet,
    operations: wideResnet(2, blocks18),
  },
  "wide-resnet34": {
    title: "Wide ResNet-34",
    describe: "Wide ResNet-34 (factor 2) for ImageNet",
    ...imagenet,
    operations: wideResnet(2, blocks34),
  },
  "wide-resnet50": {
    title: "Wide ResNet-50",
    describe: "Wide ResNet-50 for ImageNet, bottlenecks twice as wide within",
    ...imagenet,
    operations: imagenetResnet(bottleneck(2), blocks34),
  },
};

export const architectureNames: readonly ArchitectureName[] = Object.keys(
  architectures,
) as ArchitectureName[];

/** What chooses a network of the table. */
export interface NetworkOptions {
  readonly arch: ArchitectureName;
  readonly activation: Activation;
  /** Multiplies every layer's width but the last, truncated. */
  readonly width?: number;
  /** Of the data it was made for unless given. */
  readonly classes?: number;
}

/**
 * The operations of a network by name. UserError for an unknown name, and for a width that leaves a layer without
 * channels.
 */
export function operationsOf(options: NetworkOptions): Operation[] {
  const {arch, activation, width = 1} = options;
  if (arch === undefined)
    throw new UserError(`name an architecture: arch is one of ${architectureNames.join(", ")}`);
  if (!Object.hasOwn(architectures, arch)) {
    throw new UserError(unknownChoice("architecture", arch, architectureNames));
  }
  if (activation !== "relu" && activation !== "sign") {
    throw new UserError(`unknown activation "${activation}"; choose relu (MPT-1/32) or sign (MPT-1/1)`);
  }
  if (!(width > 0) || !Number.isFinite(width))
    throw new UserError(`width must be a positive number, got ${width}`);
  const {classes = architectures[arch].classes ?? 10} = options;
  if (!Number.isInteger(classes) || classes < 1)
    throw new UserError(`classes must be a whole number from 1 on, got ${classes}`);
  const operations = architectures[arch].operations(activation, width, classes);
  for (const {operation, output} of everyOperation(operations, architectures[arch].image)) {
    if ("name" in operation && output.at(-1) === 0)
      throw new UserError(
        `width ${width} leaves layer ${operation.name} without channels; take a larger one`,
      );
  }
  return operations;
}
