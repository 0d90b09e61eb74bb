import {activate, dense, globalAverage, norm, type Operation, type Plan} from "./operations";
import {type Block, basicBlock, stages} from "./residualBlocks";

const STEM = 64;
const POOL: Operation = {op: "maxpool", size: 3, stride: 2, pad: 1};

/**
 * ResNets for 224×224 images: a 7×7 stem at stride 2, max-pooling 3×3 at stride 2, four stages of blocks, the global
 * mean, one dense layer. The stem is conv BN ReLU pool with ReLU, and conv BN pool sign with sign (sign and maximum
 * commute, their surrogate gradients do not). With sign the activation stands after the sum as well, so that the
 * residual stream is ±1.
 *
 * Source: chrundle/biprop f709fc5, models/resnet.py (ResNet), models/resnet_BinAct.py and wide_resnet_BinAct.py.
 */
export function imagenetResnet(block: Block, blocks: readonly number[]): Plan {
  return (activation, width, classes) => {
    const tail = activation === "relu" ? [activate, POOL] : [POOL, activate];
    return network(block, blocks, [64, 128, 256, 512], width, classes, tail);
  };
}

/**
 * Wide ResNet-18 and 34: basic blocks of 64, 64(f+1), 128(f+1) and 256(f+1) channels; the first stage is not widened.
 * The stem is conv BN pool activation in both forms. (Wide ResNet-50 is `imagenetResnet` of wider bottlenecks.)
 *
 * Source: chrundle/biprop f709fc5, models/resnet.py and models/resnet_BinAct.py (WideResNet, WideResNet_BinAct).
 */
export function wideResnet(widen: number, blocks: readonly number[]): Plan {
  const sizes = [64, 64 * (widen + 1), 128 * (widen + 1), 256 * (widen + 1)];
  return (_activation, width, classes) =>
    network(basicBlock, blocks, sizes, width, classes, [POOL, activate]);
}

function network(
  block: Block,
  blocks: readonly number[],
  sizes: readonly number[],
  width: number,
  classes: number,
  stemTail: readonly Operation[],
): Operation[] {
  const [stem, ...scaled] = [STEM, ...sizes].map(size => Math.trunc(size * width));
  return [
    {op: "conv", name: "stem", filters: stem, kernel: 7, stride: 2, pad: 3},
    norm("stem"),
    ...stemTail,
    ...stages(block, stem, scaled, blocks),
    globalAverage,
    dense("fc", classes),
  ];
}
