import {UserError} from "../core/errors";
import {cifarResnet} from "./cifarResnet";
import {convNet, digitsNet} from "./convNets";
import {everyOperation} from "./geometry";
import {imagenetResnet, wideResnet} from "./imagenetResnet";
import type {Activation, ImageShape, Operation, Plan} from "./operations";
import {basicBlock, bottleneck} from "./residualBlocks";
import {vggSmall, vggSmallBn} from "./vggSmall";

export interface Architecture {
  readonly describe: string;
  /** The images it was made for; others do as long as every pooling and stride has something left. */
  readonly image: ImageShape;
  /** Of the data it was made for: 10 unless given. */
  readonly classes?: number;
  readonly operations: Plan;
}

const cifar: ImageShape = [32, 32, 3];
const imagenet = {image: [224, 224, 3], classes: 1000} as const;
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
    describe: "two convolutions and two dense layers, for 28×28 digits",
    image: [28, 28, 1],
    operations: digitsNet,
  },
  conv2: {describe: "Conv2", image: cifar, operations: convNet([64], hidden)},
  conv4: {describe: "Conv4", image: cifar, operations: convNet([64, 128], hidden)},
  conv6: {describe: "Conv6", image: cifar, operations: convNet([64, 128, 256], hidden)},
  conv8: {describe: "Conv8", image: cifar, operations: convNet([64, 128, 256, 512], hidden)},
  "conv2-bn": {
    describe: "Conv2, batch norm before every activation",
    image: cifar,
    operations: convNet([64], hidden, "always"),
  },
  "conv8-bn": {
    describe: "Conv8, batch norm before every activation",
    image: cifar,
    operations: convNet([64, 128, 256, 512], hidden, "always"),
  },
  "conv2-no-bn": {
    describe: "Conv2 without batch norm under either activation",
    image: cifar,
    operations: convNet([64], hidden, "never"),
  },
  "conv8-no-bn": {
    describe: "Conv8 without batch norm under either activation",
    image: cifar,
    operations: convNet([64, 128, 256, 512], hidden, "never"),
  },
  "vgg-small": {describe: "VGG-Small, batch norm after poolings only", image: cifar, operations: vggSmall},
  "vgg-small-bn": {
    describe: "VGG-Small, batch norm before every activation",
    image: cifar,
    operations: vggSmallBn,
  },
  "cifar-resnet18": {
    describe: "ResNet-18 for CIFAR",
    image: cifar,
    operations: cifarResnet([64, 128, 256, 512], 2),
  },
  "cifar-resnet20": {describe: "ResNet-20 for CIFAR", image: cifar, operations: cifarResnet(resnetStages, 3)},
  "cifar-resnet32": {describe: "ResNet-32 for CIFAR", image: cifar, operations: cifarResnet(resnetStages, 5)},
  "cifar-resnet44": {describe: "ResNet-44 for CIFAR", image: cifar, operations: cifarResnet(resnetStages, 7)},
  "cifar-resnet56": {describe: "ResNet-56 for CIFAR", image: cifar, operations: cifarResnet(resnetStages, 9)},
  "cifar-resnet110": {
    describe: "ResNet-110 for CIFAR",
    image: cifar,
    operations: cifarResnet(resnetStages, 18),
  },
  resnet18: {
    describe: "ResNet-18 for ImageNet",
    ...imagenet,
    operations: imagenetResnet(basicBlock, blocks18),
  },
  resnet34: {
    describe: "ResNet-34 for ImageNet",
    ...imagenet,
    operations: imagenetResnet(basicBlock, blocks34),
  },
  resnet50: {
    describe: "ResNet-50 for ImageNet",
    ...imagenet,
    operations: imagenetResnet(bottleneck(), blocks34),
  },
  "wide-resnet18": {
    describe: "Wide ResNet-18 (factor 2) for ImageNet",
    ...imagenet,
    operations: wideResnet(2, blocks18),
  },
  "wide-resnet34": {
    describe: "Wide ResNet-34 (factor 2) for ImageNet",
    ...imagenet,
    operations: wideResnet(2, blocks34),
  },
  "wide-resnet50": {
    describe: "Wide ResNet-50 for ImageNet, bottlenecks twice as wide within",
    ...imagenet,
    operations: imagenetResnet(bottleneck(2), blocks34),
  },
};

export const architectureNames: readonly ArchitectureName[] = Object.keys(
  architectures,
) as ArchitectureName[];

export interface NetworkOptions {
  readonly arch: ArchitectureName;
  readonly activation: Activation;
  /** Multiplies every layer's width but the last, truncated. */
  readonly width?: number;
  /** Of the data it was made for unless given. */
  readonly classes?: number;
}

/** The operations of a network by name. */
export function operationsOf(options: NetworkOptions): Operation[] {
  const {arch, activation, width = 1} = options;
  if (!Object.hasOwn(architectures, arch)) {
    throw new UserError(`unknown architecture "${arch}"; choose ${architectureNames.join(", ")}`);
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
