import type {Sharp, SharpOptions} from "sharp";
import {UserError} from "../core/errors";
import {readRegularFileLater} from "../system/regularFile";
import {centreCropOf, type ResizedCrop} from "./resizedCrop";
import {checkTiffColours} from "./tiffColours";

export type SharpModule = (input: Uint8Array, options?: SharpOptions) => Sharp;

/** What is cut from a picture of a width and height, and scaled to the network's size. */
export type Cut = (width: number, height: number) => ResizedCrop;

/** For tests: the short side is scaled to `shortSide`, and the middle is cut out. */
export interface CentreCut {
  readonly shortSide: number;
}

/** Colours as the file has them, as PIL reads them: no profile is applied. A picture cut short is refused. */
const reading: SharpOptions = {ignoreIcc: true, failOn: "error"};
/** PIL's bilinear, which smooths as it shrinks, to a level or so; enlarged pictures may lie a pixel aside. */
const scaling = {fit: "fill", kernel: "linear", fastShrinkOnLoad: false} as const;

/**
 * A picture file as size · size · 3 bytes RGB, HWC: cut, scaled and mirrored as `cut` says. One that cannot be decoded
 * is a UserError that names it.
 */
export async function decodePicture(
  sharp: SharpModule,
  path: string,
  size: number,
  cut: Cut | CentreCut,
): Promise<Uint8Array> {
  let data: Buffer;
  let flip = false;
  try {
    const bytes = await readRegularFileLater(path);
    checkTiffColours(bytes);
    const {width, height, space, hasAlpha} = await sharp(bytes, reading).metadata();
    const picture =
      space === "cmyk" ? await rgbOfCmyk(sharp, bytes) : hasAlpha ? await opaque(sharp, bytes) : undefined;
    const opened = picture ?? sharp(bytes, reading);
    let scaled: Sharp;
    if (typeof cut === "function") {
      const {flip: mirrored, ...rectangle} = cut(width, height);
      flip = mirrored;
      scaled = opened.extract(rectangle).resize(size, size, scaling);
    } else {
      const {scaled: whole, crop} = centreCropOf(width, height, cut.shortSide, size);
      scaled = opened.resize(whole.width, whole.height, scaling).extract(crop);
    }
    data = await scaled.toColourspace("srgb").raw({depth: "uchar"}).toBuffer();
  } catch (error) {
    throw new UserError(`cannot decode the picture ${path}: ${(error as Error).message.split("\n")[0]}`);
  }
  if (data.length !== 3 * size * size) {
    throw new UserError(
      `cannot decode the picture ${path}: it gives ${data.length} bytes, not ${3 * size * size}`,
    );
  }
  if (flip) mirror(data, size);
  return data;
}

/** The colours under the transparency, whole: scaled with it, they would be weighed by it, and black where it is full. */
async function opaque(sharp: SharpModule, bytes: Uint8Array): Promise<Sharp> {
  const pipeline = sharp(bytes, reading).removeAlpha().toColourspace("srgb").raw({depth: "uchar"});
  const {data, info} = await pipeline.toBuffer({resolveWithObject: true});
  const {width, height} = info;
  return sharp(data, {raw: {width, height, channels: 3}});
}

/** Of inks as PIL does it, without a profile: red = (1 − cyan)(1 − black), and so on, in whole levels. */
async function rgbOfCmyk(sharp: SharpModule, bytes: Uint8Array): Promise<Sharp> {
  const pipeline = sharp(bytes, reading)
    .pipelineColourspace("cmyk")
    .toColourspace("cmyk")
    .raw({depth: "uchar"});
  const {data, info} = await pipeline.toBuffer({resolveWithObject: true});
  const {width, height, channels} = info;
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0, at = 0; i < rgb.length; i += 3, at += channels) {
    const light = 255 - data[at + 3];
    for (let c = 0; c < 3; c++) {
      const product = data[at + c] * light + 128;
      rgb[i + c] = light - (((product >> 8) + product) >> 8);
    }
  }
  return sharp(rgb, {raw: {width, height, channels: 3}});
}

/** Swaps left and right of size × size RGB pixels, in place. */
function mirror(pixels: Uint8Array, size: number): void {
  for (let row = 0; row < pixels.length; row += 3 * size) {
    for (let left = row, right = row + 3 * (size - 1); left < right; left += 3, right -= 3) {
      for (let c = 0; c < 3; c++) {
        const moved = pixels[left + c];
        pixels[left + c] = pixels[right + c];
        pixels[right + c] = moved;
      }
    }
  }
}
