import type {Given} from "../../search/defaults";
import type {Experiment, Setting} from "../define/experiment";

function row(model: string, method: string, given: Given, published?: string): Setting {
  return {curve: model, x: method, label: `${model} ${method}`, given, published};
}

const vgg: Given = {arch: "vgg-small", keepFraction: 0.05};
const resnet: Given = {arch: "cifar-resnet18", keepFraction: 0.2};
/** "1.25 width" of the authors' tables. */
const wideVgg: Given = {arch: "vgg-small-bn", width: 1.25, activation: "sign", keepFraction: 0.25};

/** The networks of the authors' CIFAR-10 table with binary weights, and their dense counterparts. */
export const cifar10Real: Experiment = {
  name: "cifar10",
  title: "CIFAR-10, MPT-1/32",
  question: "What do the authors' CIFAR-10 networks reach with binary weights?",
  x: "method",
  others: row =>
    row.dataset === "CIFAR-10" &&
    row.weightBits === 1 &&
    row.activationBits === 32 &&
    !/^(mpt|gorbett)-/.test(row.id),
  settings: [
    row("VGG-Small", "MPT-1/32", vgg, "mpt-c10-vggsmall-1-32"),
    row("ResNet-18", "MPT-1/32", resnet, "mpt-c10-resnet18-1-32"),
    row("ResNet-18", "MPT-1/32 +BN", {...resnet, batchNorm: "learned"}, "mpt-c10-resnet18-1-32-bn"),
    row("VGG-Small", "dense", {arch: "vgg-small", method: "dense"}),
    row("ResNet-18", "dense", {arch: "cifar-resnet18", method: "dense"}, "fp-abs-c10"),
  ],
};

/** The same with binary activations. */
export const cifar10Binary: Experiment = {
  name: "cifar10-binary",
  title: "CIFAR-10, MPT-1/1",
  question: "And with binary activations as well?",
  x: "method",
  others: row =>
    row.dataset === "CIFAR-10" &&
    row.weightBits === 1 &&
    row.activationBits === 1 &&
    !/^(mpt|gorbett)-/.test(row.id),
  settings: [
    row("VGG-Small 1.25×", "MPT-1/1", wideVgg, "mpt-c10-vggsmall125-1-1"),
    row("VGG-Small 1.25×", "MPT-1/1 +BN", {...wideVgg, batchNorm: "learned"}, "mpt-c10-vggsmall125-1-1-bn"),
    row("VGG-Small", "MPT-1/1", {arch: "vgg-small", activation: "sign", keepFraction: 0.25}),
    row("ResNet-18", "MPT-1/1", {...resnet, activation: "sign"}),
  ],
};
