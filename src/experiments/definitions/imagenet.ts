import type {Given} from "../../search/defaults";
import type {Experiment, Setting} from "../define/experiment";

function row(model: string, method: string, given: Given, published?: string): Setting {
  return {curve: model, x: method, label: `${model} ${method}`, given, published, dataset: "imagenet"};
}

const wide50: Given = {arch: "wide-resnet50", keepFraction: 0.2, weights: "signed-constant"};
const wide34: Given = {arch: "wide-resnet34", activation: "sign", keepFraction: 0.4};

/** The networks of the authors' ImageNet table with binary weights. */
export const imagenetReal: Experiment = {
  name: "imagenet",
  title: "ImageNet, MPT-1/32",
  question: "What do the authors' ImageNet networks reach with binary weights?",
  x: "method",
  others: ({dataset, weightBits, activationBits, id}) =>
    dataset === "ImageNet" && weightBits === 1 && activationBits === 32 && !id.startsWith("mpt-"),
  settings: [
    row("WideResNet-50", "MPT-1/32", wide50, "mpt-in-wrn50-1-32"),
    row("WideResNet-50", "MPT-1/32 +BN", {...wide50, batchNorm: "learned"}, "mpt-in-wrn50-1-32-bn"),
    row("ResNet-34", "dense", {arch: "resnet34", method: "dense"}, "fp-abs-in"),
  ],
};

/** The same with binary activations. */
export const imagenetBinary: Experiment = {
  name: "imagenet-binary",
  title: "ImageNet, MPT-1/1",
  question: "And with binary activations as well?",
  x: "method",
  others: ({dataset, weightBits, activationBits, id}) =>
    dataset === "ImageNet" && weightBits === 1 && activationBits === 1 && !id.startsWith("mpt-"),
  settings: [
    row("WideResNet-34", "MPT-1/1", wide34, "mpt-in-wrn34-1-1"),
    row("WideResNet-34", "MPT-1/1 +BN", {...wide34, batchNorm: "learned"}, "mpt-in-wrn34-1-1-bn"),
  ],
};
