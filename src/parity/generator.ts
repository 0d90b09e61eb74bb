import {UserError} from "../core/errors";

/**
 * The generator of the golden cases: a murmur3 finaliser over index + tensor number + seed. For replaying them only:
 * its seeds are shifted copies of each other. Networks of ours draw from `Stream` in core/random.
 */
export function parityHash(seed: number, tensor: number, index: number): number {
  let h = (index + Math.imul(0x9e3779b9, tensor + 1) + seed) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** (h >>> 8)/2²⁴, exact, in [0, 1). */
export function parityUniform(seed: number, tensor: number, index: number): number {
  return (parityHash(seed, tensor, index) >>> 8) / 2 ** 24;
}

/** What a tensor of a case holds. */
export interface TensorSpec {
  readonly t: number;
  readonly name: string;
  readonly kind: string;
  /** OIHW of weights and scores, NCHW of images, [batch] of labels, [channels] of γ and β. */
  readonly shape: readonly number[];
  readonly fanIn?: number;
}

type Value = (u: number, spec: {fanIn: number}) => number;

const kinds: Readonly<Record<string, Value>> = {
  image: u => 4 * u - 2,
  kaiming_uniform: (u, {fanIn}) => (2 * u - 1) * Math.fround(Math.sqrt(6 / fanIn)),
  signed_constant: (u, {fanIn}) => (u < 0.5 ? -1 : 1) * Math.fround(Math.sqrt(2 / fanIn)),
  signed_dyadic: (u, {fanIn}) => (u < 0.5 ? -1 : 1) * 2 ** -Math.ceil(Math.log2(Math.sqrt(fanIn / 2))),
  scores: (u, {fanIn}) => (2 * u - 1) / Math.sqrt(fanIn),
  gamma: u => 0.5 + u,
  beta: u => u - 0.5,
};

/** The values of a tensor, in the order of its shape, computed in doubles and rounded once to float32. */
export function parityTensor(seed: number, spec: TensorSpec): Float32Array {
  if (!Object.hasOwn(kinds, spec.kind)) {
    throw new UserError(
      `tensor ${spec.name}: unknown kind "${spec.kind}"; known are ${Object.keys(kinds).join(", ")}`,
    );
  }
  const value = kinds[spec.kind];
  const size = spec.shape.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++)
    values[i] = value(parityUniform(seed, spec.t, i), {fanIn: spec.fanIn ?? Number.NaN});
  return values;
}

/** Class labels of the batch. */
export function parityLabels(seed: number, spec: TensorSpec, classes: number): Int32Array {
  return Int32Array.from({length: spec.shape[0]}, (_, i) => parityHash(seed, spec.t, i) % classes);
}
