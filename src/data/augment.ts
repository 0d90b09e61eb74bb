import type {Stream} from "../core/random";

/** Black border, pixels a side, that the crop may reach into. */
const PADDING = 4;
const OFFSETS = 2 * PADDING + 1;

/** One augmentation: where the crop starts in the padded picture (0…8; 4, 4 is the picture itself), and mirrored or not. */
export interface CropFlip {
  readonly top: number;
  readonly left: number;
  readonly flip: boolean;
}

/** The augmentation of the picture at `position` of an epoch's order: all 9 · 9 · 2 equally likely, one word each. */
export function drawCropFlip(random: Stream, position: number): CropFlip {
  const choice = random.integer(position, OFFSETS * OFFSETS * 2);
  return {
    flip: choice % 2 === 1,
    left: (choice >>> 1) % OFFSETS,
    top: Math.floor(choice / (2 * OFFSETS)),
  };
}

/**
 * out[at …] = table of padded[y + top, x + left], x mirrored where `flip`: torchvision's RandomCrop(size, padding=4),
 * RandomHorizontalFlip and Normalize in one pass, as in biprop f709fc5 data/cifar.py. The border is zero *before*
 * normalisation, so a padded pixel reaches the network as −mean/sd. `image` HWC bytes, `table` a `normalisationTable`.
 */
export function cropFlipInto(
  out: Float32Array,
  at: number,
  image: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  {top, left, flip}: CropFlip,
  table: Float32Array,
): void {
  const shift = left - PADDING;
  const step = flip ? -channels : channels;
  const firstPixel = flip ? (width - 1) * channels : 0;
  for (let y = 0; y < height; y++) {
    const fromY = y + top - PADDING;
    const inside = fromY >= 0 && fromY < height;
    const begin = inside ? Math.min(width, Math.max(0, -shift)) : width;
    const end = inside ? Math.max(begin, Math.min(width, width - shift)) : width;
    // A channel at a time: three short runs of one table each are faster than one that changes tables.
    for (let c = 0; c < channels; c++) {
      const row = 256 * c;
      const border = table[row];
      let to = at + y * width * channels + firstPixel + c;
      let from = (fromY * width + begin + shift) * channels + c;
      let x = 0;
      for (; x < begin; x++, to += step) out[to] = border;
      for (; x < end; x++, to += step, from += channels) out[to] = table[row + image[from]];
      for (; x < width; x++, to += step) out[to] = border;
    }
  }
}
