import {UserError} from "../../core/errors";
import {centreCropOf} from "../../data/resizedCrop";
import type {ImageShape} from "../../network/operations";
import type {PictureOptions, Pixels} from "./picture";
import {type Bytes, resized} from "./resize";

/** From here on a network's pictures are scaled to 8/7 of its size before their middle is cut, as ImageNet's tests do. */
const CUT_FROM = 224;

/**
 * The bytes [height, width, channels] of a network's size out of pixels of any: the middle, scaled as PIL does it. Grey
 * is PIL's, (19595·red + 38470·green + 7471·blue)/65536.
 */
export function bytesOf(
  pixels: Pixels,
  [height, width, channels]: ImageShape,
  {background, invert = false}: PictureOptions,
): Uint8Array {
  checkPixels(pixels);
  const coloured = channelsOf(pixels, channels, background);
  const fitting =
    pixels.width === width && pixels.height === height ? coloured : middleOf(coloured, height, width);
  return invert ? fitting.data.map(byte => 255 - byte) : fitting.data;
}

function checkPixels({width, height, data}: Pixels): void {
  const whole = [width, height].every(side => Number.isInteger(side) && side > 0);
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (whole && bytes && [1, 3, 4].includes(data.length / (width * height))) return;
  const found = bytes ? `${data.length} bytes` : `data that are no bytes`;
  throw new UserError(
    `pixels are width·height times 1, 3 or 4 bytes (Uint8Array or Uint8ClampedArray); got ${width}×${height} and ${found}`,
  );
}

function channelsOf({width, height, data}: Pixels, channels: number, background?: "black" | "white"): Bytes {
  const given = data.length / (width * height);
  const out = new Uint8Array(width * height * channels);
  const under = background === "white" ? 255 : 0;
  const colour = [0, 0, 0];
  for (let at = 0, to = 0; at < data.length; at += given, to += channels) {
    for (let c = 0; c < 3; c++) colour[c] = data[at + (given === 1 ? 0 : c)];
    const opacity = given === 4 ? data[at + 3] : 255;
    if (opacity < 255) {
      if (background === undefined) {
        throw new UserError(
          'the picture is transparent in places: say what shows through, background: "black" or "white"',
        );
      }
      for (let c = 0; c < 3; c++)
        colour[c] = Math.round((colour[c] * opacity + under * (255 - opacity)) / 255);
    }
    const [red, green, blue] = colour;
    if (channels === 1) out[to] = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
    else for (let c = 0; c < 3; c++) out[to + c] = colour[c];
  }
  return {width, height, channels, data: out};
}

function middleOf(picture: Bytes, height: number, width: number): Bytes {
  if (height !== width) {
    throw new UserError(
      `the network takes pictures of ${height}×${width}; only square ones are made of other sizes`,
    );
  }
  const short = height >= CUT_FROM ? Math.round((height * 8) / 7) : height;
  const {scaled, crop} = centreCropOf(picture.width, picture.height, short, height);
  const whole = resized(picture, scaled.width, scaled.height);
  const {channels} = whole;
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const from = ((crop.top + y) * whole.width + crop.left) * channels;
    data.set(whole.data.subarray(from, from + width * channels), y * width * channels);
  }
  return {width, height, channels, data};
}
