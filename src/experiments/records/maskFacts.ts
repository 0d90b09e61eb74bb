import {createHash} from "node:crypto";
import {binaryEntropy} from "../../core/entropy";
import {Stream} from "../../core/random";

const SKETCH_PLACES = 512;

/**
 * Bits that a mask of `kept` ones among n costs: n · H(kept/n), H the binary entropy; in bytes. Signs cost nothing, the
 * seed gives them.
 */
export function entropyBytes(n: number, kept: number): number {
  return (n * binaryEntropy(kept / n)) / 8;
}

/** SHA-256 over the masks, a byte a weight, in layer order. */
export function sha256OfMasks(masks: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const mask of masks) hash.update(mask);
  return hash.digest("hex");
}

/** The mask at 512 fixed places of the layer, drawn with replacement, as hexadecimal: enough to estimate overlaps. */
export function sketch(name: string, mask: Uint8Array): string {
  const places = new Stream(0, `sketch/${name}`);
  const bytes = new Uint8Array(SKETCH_PLACES / 8);
  for (let i = 0; i < SKETCH_PLACES; i++) bytes[i >> 3] |= mask[places.integer(i, mask.length)] << (i & 7);
  return Buffer.from(bytes).toString("hex");
}

/** Of the places kept in sketch a, the share kept in b too; NaN where a keeps none. */
export function sketchOverlap(a: string, b: string): number {
  const [first, second] = [a, b].map(text => Buffer.from(text, "hex"));
  let kept = 0;
  let both = 0;
  first.forEach((byte, i) => {
    kept += ones(byte);
    both += ones(byte & second[i]);
  });
  return both / kept;
}

function ones(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest &= rest - 1) count++;
  return count;
}
