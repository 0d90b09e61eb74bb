// Where real activations lie: one plane a channel, zeros around every image as far as a convolution reaches.
import type {Machine} from "./kernels";

export interface FloatPlanes {
  readonly kind: "floats";
  /** Channel 0 of pixel (0, 0) of image 0. */
  readonly at: number;
  readonly images: number;
  readonly channels: number;
  readonly h: number;
  readonly w: number;
  readonly rowBytes: number;
  readonly planeBytes: number;
  readonly imageBytes: number;
}

/** Values that have no height and width any more, one after the other. */
export interface FloatRow {
  readonly kind: "row";
  readonly at: number;
  readonly images: number;
  readonly channels: number;
  /** Pixels a channel: 1 after a dense layer. */
  readonly pixels: number;
  readonly imageBytes: number;
}

const LEFT = 4;
/** Tiles at the end reach over the last image. */
const GUARD_ROWS = 16;

export interface FloatShape {
  readonly images: number;
  readonly channels: number;
  readonly h: number;
  readonly w: number;
}

/** Planes with `halo` ≤ 4 zeros on every side. */
export function floatPlanes(machine: Machine, shape: FloatShape, halo: number): FloatPlanes {
  const {images, channels, h, w} = shape;
  const rowBytes = 4 * (LEFT + 4 * Math.ceil((w + halo) / 4));
  const planeBytes = (h + 2 * halo) * rowBytes;
  const imageBytes = channels * planeBytes;
  const at = machine.allocate(images * imageBytes, 64 + GUARD_ROWS * rowBytes) + halo * rowBytes + 4 * LEFT;
  return {kind: "floats", at, images, channels, h, w, rowBytes, planeBytes, imageBytes};
}

/** Rows begin with room to spare, as kernels write whole vectors. */
export function floatRow(machine: Machine, images: number, channels: number, pixels = 1): FloatRow {
  const imageBytes = 4 * channels * pixels + 16;
  return {kind: "row", at: machine.allocate(images * imageBytes), images, channels, pixels, imageBytes};
}

/** A row as planes of one pixel high, without zeros around. */
export function asPlanes({at, images, channels, pixels, imageBytes}: FloatRow): FloatPlanes {
  const bytes = 4 * pixels;
  return {
    kind: "floats",
    at,
    images,
    channels,
    h: 1,
    w: pixels,
    rowBytes: bytes,
    planeBytes: bytes,
    imageBytes,
  };
}
