import type {Dataset, Split} from "../data/dataset";
import {normalisations} from "../data/dataset";
import type {ImageShape} from "../network/operations";

/** Training images of random bytes, prepared as the real ones of their shape are; what they show does not change a step's time. */
export function syntheticImages(count: number, imageShape: ImageShape, classes = 10): Dataset {
  const colour = imageShape[2] === 3;
  return {
    name: "synthetic",
    imageShape,
    classNames: Array.from({length: classes}, (_, i) => String(i)),
    train: noise(count, imageShape),
    test: noise(1, imageShape),
    normalisation: colour ? normalisations.cifar10 : normalisations.mnist,
    augment: colour ? "crop-flip" : "none",
  };
}

function noise(count: number, [height, width, channels]: ImageShape): Split {
  const images = new Uint8Array(count * height * width * channels);
  for (let i = 0; i < images.length; i++) images[i] = Math.imul(i, 0x9e3779b1) >>> 24;
  return {images, labels: Uint8Array.from({length: count}, (_, i) => i % 10), count};
}
