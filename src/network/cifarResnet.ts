import {activate, conv3x3, dense, globalAverage, norm, type Plan} from "./operations";
import {basicBlock, stages} from "./residualBlocks";

/**
 * ResNets for small images: a 3×3 stem, stages of basic blocks (stride 2 from the second stage on), a 1×1 projection
 * with batch norm where the shape changes, the global mean, one dense layer. With sign the activation stands where
 * the ReLU does, also after the sum.
 *
 * Source: chrundle/biprop f709fc5, models/resnet_cifar.py. The reference pools ResNet-20 … 110 by 4 and so emits 40
 * logits; here the pooling is global.
 */
export function cifarResnet(sizes: readonly number[], blocksPerStage: number): Plan {
  return (_activation, width, classes) => {
    const scaled = sizes.map(size => Math.trunc(size * width));
    const blocks = sizes.map(() => blocksPerStage);
    return [
      ...[conv3x3("stem", scaled[0]), norm("stem"), activate],
      ...stages(basicBlock, scaled[0], scaled, blocks),
      globalAverage,
      dense("fc", classes),
    ];
  };
}
