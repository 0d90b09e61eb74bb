import type {ArchitectureName} from "../network/architectures";
import type {Activation} from "../network/operations";

/**
 * Classes of the reference that are networks of ours, by the name that a checkpoint gives in `arch`. Left out are those
 * that we do not have (`_v2`, ResNet-101, FC) and cResNet20 … 110, whose reference emits 40 logits.
 *
 * Source: chrundle/biprop f709fc5, models/__init__.py.
 */
export const referenceNetworks: ReadonlyMap<
  string,
  {readonly arch: ArchitectureName; readonly activation: Activation}
> = new Map([
  ...both("Conv2", "conv2"),
  ...both("Conv4", "conv4"),
  ...both("Conv6", "conv6"),
  ...both("Conv8", "conv8"),
  ...both("Conv4Wide", "conv4"),
  ...both("Conv6Wide", "conv6"),
  ...both("Conv8Wide", "conv8"),
  ...both("VGG_Small", "vgg-small"),
  ["VGG_Small_noReLU_BinAct", {arch: "vgg-small", activation: "sign"}],
  ["VGG_Small_bn_BinAct", {arch: "vgg-small-bn", activation: "sign"}],
  ["Wide_VGG_Small", {arch: "vgg-small-bn", activation: "sign"}],
  ["Wide_VGG_Small_132", {arch: "vgg-small-bn", activation: "relu"}],
  ...both("cResNet18", "cifar-resnet18"),
  ...both("ResNet18", "resnet18"),
  ...both("ResNet34", "resnet34"),
  ...both("ResNet50", "resnet50"),
  ["WideResNet18_2_BinAct", {arch: "wide-resnet18", activation: "sign"}],
  ...both("WideResNet34_2", "wide-resnet34"),
  ...both("WideResNet50_2", "wide-resnet50"),
]);

function both(
  name: string,
  arch: ArchitectureName,
): [string, {arch: ArchitectureName; activation: Activation}][] {
  return [
    [name, {arch, activation: "relu"}],
    [`${name}_BinAct`, {arch, activation: "sign"}],
  ];
}
