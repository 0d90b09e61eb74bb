import type {ChannelAffine} from "../network";
import type {BitPlanes} from "./bitPlanes";
import type {FloatPlanes} from "./floatPlanes";
import type {Machine} from "./kernels";
import type {Step} from "./plan";

/** Planes of sums, and how image i comes to lie at `at` + i·`stride`. */
export interface Source {
  readonly at: number;
  readonly channels: number;
  readonly h: number;
  readonly w: number;
  readonly rowBytes: number;
  readonly planeBytes: number;
  readonly prepare: (image: number) => void;
  readonly stride: number;
}

/** scale · gain · pool(x) + shift + addend. */
export interface Finish {
  readonly gain: number;
  readonly pool: boolean;
  /** Address of {scale, shift} a channel, or 0. */
  readonly norms: number;
  readonly addend?: FloatPlanes;
}

export function placeNorm(machine: Machine, norm: ChannelAffine | undefined): number {
  if (!norm) return 0;
  const pairs = new Float32Array(2 * norm.scale.length);
  norm.scale.forEach((scale, c) => {
    pairs[2 * c] = scale;
    pairs[2 * c + 1] = norm.shift[c];
  });
  return machine.place(pairs);
}

/** Address, row and plane of an addend's image, or zeros. */
function addendOf(addend: FloatPlanes | undefined, image: number): [number, number, number] {
  return addend ? [addend.at + image * addend.imageBytes, addend.rowBytes, addend.planeBytes] : [0, 0, 0];
}

export function finishPlanes(
  machine: Machine,
  source: Source,
  {gain, pool, norms, addend}: Finish,
  relu: boolean,
  out: FloatPlanes,
): Step {
  const {at, rowBytes, planeBytes, channels, prepare, stride} = source;
  return count => {
    for (let i = 0; i < count; i++) {
      prepare(i);
      const sum = addendOf(addend, i);
      const to = out.at + i * out.imageBytes;
      const from = at + i * stride;
      machine.kernels.finish(
        ...[from, rowBytes, planeBytes, channels, out.h, out.w, pool, gain, norms, ...sum],
        ...[relu, to, out.rowBytes, out.planeBytes],
      );
    }
  };
}

export function finishBits(
  machine: Machine,
  source: Source,
  {gain, pool, norms, addend}: Finish,
  out: BitPlanes,
): Step {
  const {at, rowBytes, planeBytes, channels, prepare, stride} = source;
  return count => {
    machine.kernels.clear(out.at, channels * out.planeBytes);
    for (let i = 0; i < count; i++) {
      prepare(i);
      const sum = addendOf(addend, i);
      const from = at + i * stride;
      machine.kernels.finishBits(
        ...[from, rowBytes, planeBytes, channels, out.h, out.w, pool, gain, norms, ...sum],
        ...[out.at, out.planeBytes, i * out.stride],
      );
    }
  };
}
