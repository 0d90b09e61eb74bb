import {type Extent, outputOf} from "./geometry";
import type {Activation, ImageShape, Operation} from "./operations";

/**
 * The same operations, marked with what no engine may round. Sums of signs lie on a lattice and are often equal, or 0, and
 * so are sums of equal pixels; the order in which an engine adds must decide neither between classes nor the sign behind.
 * - `beforeSign` of a convolution: a sum near 0 is 0. A sign stands behind it, or behind its pooling if the inputs lie on a
 *   lattice themselves.
 * - `inputStep` of a dense layer: all its inputs are whole multiples of that, so its sums of α · inputStep. A sign stands
 *   behind it, or nothing: it gives the logits.
 *
 * It holds where weights are ±α or 0. With ReLUs alone there is no sign to decide, and nothing is marked.
 */
export function settled(
  operations: readonly Operation[],
  image: ImageShape,
  activation: Activation,
): Operation[] {
  return activation === "sign"
    ? settledBehind({extent: image, step: undefined}, operations)
    : [...operations];
}

/** What an operation takes: its shape, and what all values are whole multiples of, whatever the image. */
interface Flow {
  readonly extent: Extent;
  readonly step: number | undefined;
}

function settledBehind(start: Flow, operations: readonly Operation[]): Operation[] {
  let flow = start;
  return operations.map((operation, i) => {
    const marked = mark(operation, flow, operations[i + 1]?.op, operations[i + 2]?.op);
    flow = {extent: outputOf(operation, flow.extent), step: stepBehind(operation, flow)};
    return marked;
  });
}

type Follower = Operation["op"] | undefined;

function mark(operation: Operation, flow: Flow, next: Follower, second: Follower): Operation {
  const onLattice = flow.step !== undefined;
  switch (operation.op) {
    case "conv": {
      const pooled = onLattice && next === "maxpool" && second === "activation";
      return next === "activation" || pooled ? {...operation, beforeSign: true} : operation;
    }
    case "dense": {
      const decides = next === "activation" || next === undefined;
      return decides && onLattice ? {...operation, inputStep: flow.step} : operation;
    }
    case "residual": {
      const [main, shortcut] = [operation.main, operation.shortcut].map(part => settledBehind(flow, part));
      return {...operation, main, shortcut};
    }
    default:
      return operation;
  }
}

/** 1 behind a sign; the n-th part behind a mean over n pixels, n a power of two (other means are rounded). */
function stepBehind({op}: Operation, {extent, step}: Flow): number | undefined {
  switch (op) {
    case "activation":
      return 1;
    case "relu":
    case "maxpool":
    case "flatten":
      return step;
    case "avgpool": {
      const pixels = extent[0] * extent[1];
      return step !== undefined && Number.isInteger(Math.log2(pixels)) ? step / pixels : undefined;
    }
    default:
      return undefined;
  }
}
