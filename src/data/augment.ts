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
 * out[y, x] = padded[y + top, x + left], x mirrored where `flip`: torchvision's RandomCrop(size, padding=4) and
 * RandomHorizontalFlip, as in biprop f709fc5 data/cifar.py. The border is zero *before* normalisation, so a padded
 * pixel reaches the network as −mean/sd. Both pictures HWC bytes; `image` and `out` do not overlap.
 */
export function cropFlipInto(
  out: Uint8Array,
  image: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  {top, left, flip}: CropFlip,
): void {
  const row = width * channels;
  const shift = left - PADDING;
  const firstX = Math.max(0, -shift);
  const endX = Math.min(width, width - shift);
  out.fill(0);
  if (endX <= firstX) return;
  for (let y = 0; y < height; y++) {
    const fromY = y + top - PADDING;
    if (fromY < 0 || fromY >= height) continue;
    if (!flip) {
      const from = fromY * row;
      out.set(
        image.subarray(from + (firstX + shift) * channels, from + (endX + shift) * channels),
        y * row + firstX * channels,
      );
      continue;
    }
    for (let x = firstX; x < endX; x++) {
      const from = fromY * row + (x + shift) * channels;
      const to = y * row + (width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = image[from + c];
    }
  }
}
