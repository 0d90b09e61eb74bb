import {
  activate,
  conv1x1,
  conv3x3,
  dense,
  globalAverage,
  norm,
  type Operation,
  type Plan,
} from "./operations";

/**
 * ResNets for small images: a 3×3 stem, stages of basic blocks (stride 2 from the second stage on), a 1×1 projection
 * with batch norm where the shape changes, the global mean, one dense layer. With sign the activation stands where
 * the ReLU does, also after the sum.
 *
 * Source: chrundle/biprop f709fc5, models/resnet_cifar.py. The reference pools ResNet-20 … 110 by 4 and so emits 40
 * logits; here the pooling is global.
 */
export function cifarResnet(stages: readonly number[], blocksPerStage: number): Plan {
  return (_activation, width, classes) => {
    const sizes = stages.map(size => Math.trunc(size * width));
    const operations: Operation[] = [conv3x3("stem", sizes[0]), norm("stem"), activate];
    let previous = sizes[0];
    sizes.forEach((size, stage) => {
      for (let block = 0; block < blocksPerStage; block++) {
        const stride = stage > 0 && block === 0 ? 2 : 1;
        operations.push(basicBlock(`l${stage + 1}.${block}`, previous, size, stride), activate);
        previous = size;
      }
    });
    return [...operations, globalAverage, dense("fc", classes)];
  };
}

function basicBlock(name: string, inputs: number, filters: number, stride: number): Operation {
  const [first, second, projection] = [`${name}.conv1`, `${name}.conv2`, `${name}.shortcut`];
  return {
    op: "residual",
    main: [conv3x3(first, filters, stride), norm(first), activate, conv3x3(second, filters), norm(second)],
    shortcut:
      stride !== 1 || inputs !== filters ? [conv1x1(projection, filters, stride), norm(projection)] : [],
  };
}
