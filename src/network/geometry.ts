import type {ImageShape, Operation} from "./operations";

/** What an operation takes and gives of one image: [height, width, channels], or [features]. */
export type Extent = readonly number[];

/** A square window that moves over an image with zeros (of a pooling, −∞) on every side. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
}

/** Steps of a window over a side, ⌊(side + 2·pad − size)/stride⌋ + 1. RangeError, naming `what`, where it never fits. */
export function windowSteps(side: number, {size, stride, pad}: Window, what: string): number {
  const steps = Math.floor((side + 2 * pad - size) / stride) + 1;
  if (steps > 0) return steps;
  throw new RangeError(
    `the image is too small for this network: ${what} meets a side of ${side} with a window of ${size}`,
  );
}

/** [rows, columns] of a window's places over an image. RangeError, naming `what`, where there are none. */
export function windowGrid(
  {h, w}: {readonly h: number; readonly w: number},
  window: Window,
  what: string,
): [number, number] {
  return [windowSteps(h, window, what), windowSteps(w, window, what)];
}

/** An operation's place in a network. */
export interface Visit {
  readonly operation: Operation;
  readonly input: Extent;
  readonly output: Extent;
  /** Whether a layer with weights lies before it, to which a gradient must come back through it. */
  readonly behindWeights: boolean;
}

/**
 * Every operation of a network with its shapes, in the order they run: of a residual the main branch, the shortcut, then
 * their sum. RangeError where an image of this size has nothing left.
 */
export function* everyOperation(operations: readonly Operation[], image: ImageShape): Generator<Visit> {
  yield* walk(operations, {extent: image, behindWeights: false});
}

interface Reached {
  readonly extent: Extent;
  readonly behindWeights: boolean;
}

function* walk(operations: readonly Operation[], from: Reached): Generator<Visit, Reached> {
  let reached = from;
  for (const operation of operations) {
    const {extent: input, behindWeights} = reached;
    let weighted = behindWeights || operation.op === "conv" || operation.op === "dense";
    if (operation.op === "residual") {
      const main = yield* walk(operation.main, reached);
      const shortcut = yield* walk(operation.shortcut, reached);
      weighted = main.behindWeights || shortcut.behindWeights;
    }
    const output = outputOf(operation, input);
    yield {operation, input, output, behindWeights};
    reached = {extent: output, behindWeights: weighted};
  }
  return reached;
}

/** The shape behind an operation. RangeError where the input is flat though it needs an image, or is too small. */
export function outputOf(operation: Operation, input: Extent): Extent {
  switch (operation.op) {
    case "conv": {
      const {name, filters, kernel, stride, pad} = operation;
      const [h, w] = spatial(input, name);
      return [...windowGrid({h, w}, {size: kernel, stride, pad}, name), filters];
    }
    case "dense":
      return [operation.units];
    case "maxpool": {
      const [h, w, channels] = spatial(input, "max-pooling");
      return [...windowGrid({h, w}, operation, "max-pooling"), channels];
    }
    case "avgpool":
      return [spatial(input, "average pooling")[2]];
    case "flatten":
      return [sizeOf(input)];
    case "residual":
      return operation.main.reduce<Extent>((extent, inner) => outputOf(inner, extent), input);
    default:
      return input;
  }
}

function spatial(extent: Extent, what: string): Extent {
  if (extent.length === 3) return extent;
  throw new RangeError(`${what} needs height, width and channels, but its input is flat: [${extent}]`);
}

/** Values of that shape. */
export function sizeOf(extent: Extent): number {
  return extent.reduce((product, size) => product * size, 1);
}
