import {CheckpointError} from "./checkpointError";
import type {Tensor} from "./pickleValues";

/** Floating-point types of a storage, by PyTorch's names; others, such as Long, hold no weights or scores. */
const widened = {
  Float: {bytes: 4, read: (view: DataView, at: number): number => view.getFloat32(at, true)},
  Double: {bytes: 8, read: (view: DataView, at: number): number => view.getFloat64(at, true)},
  Half: {bytes: 2, read: (view: DataView, at: number): number => fromHalf(view.getUint16(at, true))},
  BFloat16: {bytes: 2, read: (view: DataView, at: number): number => fromBfloat16(view.getUint16(at, true))},
} as const;

const counted = {Long: 8, Int: 4, Short: 2, Char: 1, Byte: 1, Bool: 1} as const;

export type ElementType = keyof typeof widened | keyof typeof counted;

export function isElementType(name: string): name is ElementType {
  return Object.hasOwn(widened, name) || Object.hasOwn(counted, name);
}

export function elementBytes(type: ElementType): number {
  return type in counted
    ? counted[type as keyof typeof counted]
    : widened[type as keyof typeof widened].bytes;
}

/**
 * The values of a view of a storage's bytes, row-major, whatever its strides. Half and bfloat16 become the float32 of
 * the same value; double is rounded to the nearest.
 */
export function float32Of(name: string, tensor: Tensor, bytes: Uint8Array): Float32Array {
  const {storage, shape, strides, offset} = tensor;
  if (!Object.hasOwn(widened, storage.type)) {
    throw new CheckpointError(`${name} is stored as ${storage.type}, not as floating-point numbers`);
  }
  if (strides.length !== shape.length)
    throw new CheckpointError(`${name} has ${strides.length} strides for ${shape.length} dimensions`);
  const {bytes: size, read} = widened[storage.type as keyof typeof widened];
  const count = shape.reduce((product, extent) => product * extent, 1);
  const last = offset + shape.reduce((sum, extent, d) => sum + (extent - 1) * strides[d], 0);
  if (count > 0 && size * (last + 1) > bytes.length)
    throw new CheckpointError(`${name} reaches beyond its storage`);
  // Strides of 0 would let a few bytes stand for any number of values.
  if (size * count > bytes.length) throw new CheckpointError(`${name} repeats the values of its storage`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(count);
  const index = shape.map(() => 0);
  for (let i = 0, at = offset; i < count; i++) {
    values[i] = read(view, size * at);
    for (let d = shape.length - 1; d >= 0; d--) {
      at += strides[d];
      if (++index[d] < shape[d]) break;
      at -= shape[d] * strides[d];
      index[d] = 0;
    }
  }
  return values;
}

/** IEEE binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function fromBfloat16(bits: number): number {
  word.setUint16(0, bits);
  return word.getFloat32(0);
}
