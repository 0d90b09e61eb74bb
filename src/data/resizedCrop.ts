import type {Stream} from "../core/random";

/** A rectangle of a picture, in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What a training picture is cut to before it is scaled to the network's size, and whether it is mirrored. */
export interface ResizedCrop extends Rectangle {
  readonly flip: boolean;
}

const ATTEMPTS = 10;
/** Of the stream, a picture: one for the flip, four an attempt. */
const WORDS = 64;
const LEAST_AREA = 0.08;
const LEAST_ASPECT = 3 / 4;
const MOST_ASPECT = 4 / 3;

/**
 * torchvision's RandomResizedCrop and RandomHorizontalFlip for the picture at `position` of an epoch's order: a
 * rectangle of 8 to 100 % of the area and of aspect 3/4 to 4/3 (evenly in its logarithm), anywhere; after ten that do
 * not fit, the largest central one of an aspect within those bounds.
 *
 * Source: chrundle/biprop f709fc5, data/imagenet.py; torchvision, RandomResizedCrop.get_params.
 */
export function drawResizedCrop(
  random: Stream,
  position: number,
  imageWidth: number,
  imageHeight: number,
): ResizedCrop {
  const first = position * WORDS;
  const flip = random.integer(first, 2) === 1;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const word = first + 1 + 4 * attempt;
    const area = imageWidth * imageHeight * (LEAST_AREA + (1 - LEAST_AREA) * random.uniform(word));
    const [low, high] = [Math.log(LEAST_ASPECT), Math.log(MOST_ASPECT)];
    const aspect = Math.exp(low + (high - low) * random.uniform(word + 1));
    const width = Math.round(Math.sqrt(area * aspect));
    const height = Math.round(Math.sqrt(area / aspect));
    if (width < 1 || height < 1 || width > imageWidth || height > imageHeight) continue;
    const top = random.integer(word + 2, imageHeight - height + 1);
    const left = random.integer(word + 3, imageWidth - width + 1);
    return {left, top, width, height, flip};
  }
  return {...centralCrop(imageWidth, imageHeight), flip};
}

function centralCrop(imageWidth: number, imageHeight: number): Rectangle {
  const aspect = imageWidth / imageHeight;
  const width = aspect > MOST_ASPECT ? roundHalfEven(imageHeight * MOST_ASPECT) : imageWidth;
  const height = aspect < LEAST_ASPECT ? roundHalfEven(imageWidth / LEAST_ASPECT) : imageHeight;
  return {
    left: Math.floor((imageWidth - width) / 2),
    top: Math.floor((imageHeight - height) / 2),
    width,
    height,
  };
}

/**
 * torchvision's Resize(shortSide) and CenterCrop(size): the size that a test picture is scaled to, and what is cut
 * from that.
 */
export function centreCropOf(
  imageWidth: number,
  imageHeight: number,
  shortSide: number,
  size: number,
): {readonly scaled: {readonly width: number; readonly height: number}; readonly crop: Rectangle} {
  const short = Math.min(imageWidth, imageHeight);
  const scale = (side: number): number =>
    side === short ? shortSide : Math.trunc((shortSide * side) / short);
  const scaled = {width: scale(imageWidth), height: scale(imageHeight)};
  return {
    scaled,
    crop: {
      left: roundHalfEven((scaled.width - size) / 2),
      top: roundHalfEven((scaled.height - size) / 2),
      width: size,
      height: size,
    },
  };
}

/** Python's round: a half goes to the even neighbour. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
