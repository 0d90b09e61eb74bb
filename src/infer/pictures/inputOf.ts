import {UserError} from "../../core/errors";
import {normalisationTable, normaliseInto} from "../../data/batches";
import type {Ticket} from "../../ticket/ticket";
import {bytesOf} from "./bytesOf";
import type {Picture, PictureOptions, Pixels, Values} from "./picture";
import {pixelsOf} from "./pixelsOf";

/** What a ticket says of the pictures that it was searched on. */
export type Sees = Pick<Ticket, "image" | "normalisation">;

/**
 * What a ticket's network sees of pictures: [n, height, width, channels], each value (pixel/255 − mean)/sd of its
 * channel, as in its search. A picture of another size is scaled as PIL does it and its middle is taken; colours become
 * grey where the network sees grey. UserError for what is no picture, of a wrong length, or transparent without a
 * `background`.
 *
 *     (await inferenceOf(ticket)).logits(await inputOf(ticket, ["a.png", "b.png"]), 2)
 */
export async function inputOf(
  ticket: Sees,
  pictures: Picture | readonly Picture[],
  options: PictureOptions = {},
): Promise<Float32Array> {
  const list = Array.isArray(pictures) ? (pictures as readonly Picture[]) : [pictures as Picture];
  if (list.length === 0) throw new UserError("no picture is given");
  const size = ticket.image.reduce((product, side) => product * side, 1);
  const images = new Float32Array(list.length * size);
  const table = normalisationTable(ticket.normalisation);
  for (const [i, picture] of list.entries()) {
    if (isValues(picture)) normaliseValues(images.subarray(i * size), ticket, picture, options);
    else normaliseInto(images, i * size, await networkBytes(ticket, picture, options), table);
  }
  return images;
}

async function networkBytes(ticket: Sees, picture: Picture, options: PictureOptions): Promise<Uint8Array> {
  const {image} = ticket;
  const [height, width, channels] = image;
  if (picture instanceof Uint8Array || picture instanceof Uint8ClampedArray) {
    checkLength(picture, ticket);
    if (channels === 1 || channels === 3) return bytesOf({width, height, data: picture}, image, options);
    const bytes = Uint8Array.from(picture);
    return options.invert ? bytes.map(byte => 255 - byte) : bytes;
  }
  if (picture === null || !["string", "object"].includes(typeof picture))
    throw new UserError(
      `a picture is a file, a canvas, pixels or bytes; got ${describe(picture)}${typeof picture === "number" ? " (a list is one of pictures: give one's pixels as a Uint8Array)" : ""}`,
    );
  if (ArrayBuffer.isView(picture) || Array.isArray(picture)) {
    throw new UserError(
      `numbers do not say what their black and white are: give {values: …, range: [0, 1]} or whatever it is; got ${describe(picture)}`,
    );
  }
  return bytesOf(isPixels(picture) ? picture : await pixelsOf(picture as string | Blob), image, options);
}

function isPixels(picture: object | string): picture is Pixels {
  return typeof picture === "object" && "data" in picture;
}

function isValues(picture: unknown): picture is Values {
  return typeof picture === "object" && picture !== null && "values" in picture && "range" in picture;
}

function normaliseValues(
  out: Float32Array,
  ticket: Sees,
  {values, range: [black, white]}: Values,
  {invert = false}: PictureOptions,
): void {
  checkLength(values, ticket);
  if (!Number.isFinite(black) || !Number.isFinite(white) || black === white)
    throw new UserError(`range is [black, white], two different numbers; got [${black}, ${white}]`);
  const {mean, sd} = ticket.normalisation;
  const f = Math.fround;
  for (let i = 0; i < values.length; i++) {
    const share = (values[i] - black) / (white - black);
    // Not `< 0 || > 1`: NaN is none of both.
    if (!(share >= -1e-6 && share <= 1 + 1e-6))
      throw new UserError(`value ${i} is ${values[i]}, outside the range [${black}, ${white}] that was said`);
    const c = i % mean.length;
    out[i] = f(f(invert ? 1 - share : share) - f(mean[c])) / f(sd[c]);
  }
}

function checkLength({length}: ArrayLike<number>, {image: [height, width, channels]}: Sees): void {
  if (length === height * width * channels) return;
  throw new UserError(
    `the network sees ${height}×${width}×${channels} = ${height * width * channels} values; got ${length} (pixels of another size: {width, height, data})`,
  );
}

function describe(value: unknown): string {
  if (value === null || typeof value !== "object") return `${value}`;
  return `${value.constructor?.name ?? "an object"}${"length" in value ? ` of ${value.length}` : ""}`;
}
