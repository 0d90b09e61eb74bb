import type {Stream} from "../core/random";

/** Pixels, each way, that the reference's crop may lie off the picture: into a black border of as many. */
export const CROP_REACH = 4;

/** One augmentation: how far the crop lies off the picture, in pixels (0, 0 is the picture itself), and mirrored or not. */
export interface CropFlip {
  readonly down: number;
  readonly right: number;
  readonly flip: boolean;
}

/**
 * The augmentation of the picture at `position` of an epoch's order: with r = `reach` all (2r + 1)² · 2 equally likely,
 * one word each. RangeError unless r is a whole number of at least 0.
 */
export function drawCropFlip(random: Stream, position: number, reach: number = CROP_REACH): CropFlip {
  if (!Number.isInteger(reach) || reach < 0)
    throw new RangeError(`a crop's reach is a whole number of pixels, at least 0, got ${reach}`);
  const offsets = 2 * reach + 1;
  const choice = random.integer(position, offsets * offsets * 2);
  return {
    flip: choice % 2 === 1,
    right: ((choice >>> 1) % offsets) - reach,
    down: Math.floor(choice / (2 * offsets)) - reach,
  };
}

/**
 * out[at …] = table of padded[y + down, x + right], x mirrored where `flip`: torchvision's RandomCrop(size, padding=4),
 * RandomHorizontalFlip and Normalize in one pass, as in biprop f709fc5 data/cifar.py. The border is zero *before*
 * normalisation, so a padded pixel reaches the network as −mean/sd. `image` HWC bytes, `table` a `normalisationTable`.
 */
export function cropFlipInto(
  out: Float32Array,
  at: number,
  image: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  {down, right, flip}: CropFlip,
  table: Float32Array,
): void {
  const step = flip ? -channels : channels;
  const firstPixel = flip ? (width - 1) * channels : 0;
  for (let y = 0; y < height; y++) {
    const fromY = y + down;
    const inside = fromY >= 0 && fromY < height;
    const begin = inside ? Math.min(width, Math.max(0, -right)) : width;
    const end = inside ? Math.max(begin, Math.min(width, width - right)) : width;
    // A channel at a time: three short runs of one table each are faster than one that changes tables.
    for (let c = 0; c < channels; c++) {
      const row = 256 * c;
      const border = table[row];
      let to = at + y * width * channels + firstPixel + c;
      let from = (fromY * width + begin + right) * channels + c;
      let x = 0;
      for (; x < begin; x++, to += step) out[to] = border;
      for (; x < end; x++, to += step, from += channels) out[to] = table[row + image[from]];
      for (; x < width; x++, to += step) out[to] = border;
    }
  }
}
