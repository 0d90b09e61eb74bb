import type {Operation} from "../../network/operations";
import {
  type BinaryLayer,
  type BinaryNetwork,
  type ChannelAffine,
  isRelu,
  isSign,
  nearZero,
  normNamed,
} from "../network";

/** What follows a layer and can be done in the same pass: pooling, then batch norm, then an activation. */
export interface Tail {
  /** 2×2, stride 2. */
  readonly pool: boolean;
  readonly norm?: ChannelAffine;
  readonly activation: "relu" | "sign" | "none";
  /** Index of the first operation behind it. */
  readonly next: number;
}

export const isHalving = (operation: Operation | undefined): boolean =>
  operation?.op === "maxpool" && operation.size === 2 && operation.stride === 2 && operation.pad === 0;

/** The tail that begins with operation `from`. `poolable`: not for a negative gain, which turns maxima into minima. */
export function tailOf(
  network: BinaryNetwork,
  operations: readonly Operation[],
  from: number,
  poolable: boolean,
): Tail {
  const {activation} = network;
  let at = from;
  // max(relu(x)) = relu(max(x)).
  if (poolable && isRelu(operations[at], activation) && isHalving(operations[at + 1])) {
    return {pool: true, activation: "relu", next: at + 2};
  }
  const pool = poolable && isHalving(operations[at]);
  if (pool) at++;
  const operation = operations[at];
  const norm = operation?.op === "batchnorm" ? normNamed(network, operation.name) : undefined;
  if (norm) at++;
  if (isRelu(operations[at], activation)) return {pool, norm, activation: "relu", next: at + 1};
  if (isSign(operations[at], activation)) return {pool, norm, activation: "sign", next: at + 1};
  return {pool, norm, activation: "none", next: at};
}

/** y + bound: its sign is that of y with sums near 0 taken for 0. */
export function aboveZero(layer: BinaryLayer): ChannelAffine {
  const filters = layer.shape[3];
  return {scale: new Float32Array(filters).fill(1), shift: new Float32Array(filters).fill(nearZero(layer))};
}
