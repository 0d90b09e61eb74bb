import type {ImageShape} from "./architectures";
import type {Operation} from "./operations";

/** Floating-point operations of one image. */
export interface ModelFlops {
  readonly forward: number;
  /** Forward and backward. */
  readonly step: number;
}

/** How far an image has come: its shape, and whether anything trained lies before. */
interface Reached {
  readonly extent: readonly number[];
  readonly trained: boolean;
}

/**
 * FLOPs of the convolutions and dense layers, a multiply-add being 2: forward 2·k²·c·f·h'·w' and 2·in·out; backward
 * as much again for dL/dW and, unless the layer sees the image itself, for dL/dx. Masked weights count as weights:
 * that is the work done. The rest of a network is not counted.
 */
export function modelFlops(operations: readonly Operation[], image: ImageShape): ModelFlops {
  let forward = 0;
  let step = 0;
  const count = (multiplyAdds: number, trainedBefore: boolean): void => {
    forward += 2 * multiplyAdds;
    step += 2 * multiplyAdds * (trainedBefore ? 3 : 2);
  };
  const after = (reached: Reached, operation: Operation): Reached => {
    const {extent, trained} = reached;
    switch (operation.op) {
      case "conv": {
        const {filters, kernel, stride, pad} = operation;
        const [height, width, channels] = extent;
        const sides = [slide(height, kernel, stride, pad), slide(width, kernel, stride, pad)];
        count(kernel * kernel * channels * filters * product(sides), trained);
        return {extent: [...sides, filters], trained: true};
      }
      case "dense":
        count(product(extent) * operation.units, trained);
        return {extent: [operation.units], trained: true};
      case "maxpool": {
        const {size, stride, pad} = operation;
        const [height, width, channels] = extent;
        return {
          extent: [slide(height, size, stride, pad), slide(width, size, stride, pad), channels],
          trained,
        };
      }
      case "avgpool":
        return {extent: extent.slice(-1), trained};
      case "flatten":
        return {extent: [product(extent)], trained};
      case "residual": {
        const shortcut = operation.shortcut.reduce(after, reached);
        const main = operation.main.reduce(after, reached);
        return {...main, trained: main.trained || shortcut.trained};
      }
      default:
        return reached;
    }
  };
  operations.reduce<Reached>(after, {extent: image, trained: false});
  return {forward, step};
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

function slide(size: number, kernel: number, stride: number, pad: number): number {
  return Math.floor((size + 2 * pad - kernel) / stride) + 1;
}
