import {activate, conv1x1, conv3x3, norm, type Operation} from "./operations";

/** A stage's unit: from `inputs` channels to `expansion` · size, its first convolution or the 3×3 at `stride`. */
export interface Block {
  readonly expansion: number;
  operation(name: string, inputs: number, size: number, stride: number): Operation;
}

/** conv3×3 BN act conv3×3 BN, added to its input; the activation after the sum is the stage's. */
export const basicBlock: Block = {
  expansion: 1,
  operation(name, inputs, size, stride) {
    const [first, second] = [`${name}.conv1`, `${name}.conv2`];
    return {
      op: "residual",
      main: [conv3x3(first, size, stride), norm(first), activate, conv3x3(second, size), norm(second)],
      shortcut: projection(name, inputs, size, stride),
    };
  },
};

/** conv1×1 BN act conv3×3 BN act conv1×1 BN, four times as wide outside as `size`; `widen` times within. */
export function bottleneck(widen = 1): Block {
  return {
    expansion: 4,
    operation(name, inputs, size, stride) {
      const [first, second, third] = [`${name}.conv1`, `${name}.conv2`, `${name}.conv3`];
      const [inner, outer] = [widen * size, 4 * size];
      return {
        op: "residual",
        main: [
          ...[conv1x1(first, inner), norm(first), activate],
          ...[conv3x3(second, inner, stride), norm(second), activate],
          ...[conv1x1(third, outer), norm(third)],
        ],
        shortcut: projection(name, inputs, outer, stride),
      };
    },
  };
}

/** Stages of blocks with an activation after each; from the second stage on the first block halves the image. */
export function stages(
  block: Block,
  inputs: number,
  sizes: readonly number[],
  blocks: readonly number[],
): Operation[] {
  const operations: Operation[] = [];
  let channels = inputs;
  sizes.forEach((size, stage) => {
    for (let i = 0; i < blocks[stage]; i++) {
      const stride = stage > 0 && i === 0 ? 2 : 1;
      operations.push(block.operation(`l${stage + 1}.${i}`, channels, size, stride), activate);
      channels = block.expansion * size;
    }
  });
  return operations;
}

/** A 1×1 convolution and batch norm where the shape changes; else nothing, the identity. */
function projection(name: string, inputs: number, outputs: number, stride: number): Operation[] {
  const layer = `${name}.shortcut`;
  return stride !== 1 || inputs !== outputs ? [conv1x1(layer, outputs, stride), norm(layer)] : [];
}
