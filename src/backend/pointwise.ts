import * as tf from "@tensorflow/tfjs";

type Served = (filterShape: readonly number[]) => boolean;

let served: Served = () => false;
let inUse = false;

/** Has 1×1 convolutions at stride 2 whose filters are `whichServed` read every second pixel of their images themselves. */
export function registerPointwise(whichServed: Served): void {
  served = whichServed;
}

/** Runs a task in which they do: in float32 alone, convolving what was taken out of the images first is faster. */
export function withPointwise<T>(task: () => T): T {
  const before = inUse;
  inUse = true;
  try {
    return task();
  } finally {
    inUse = before;
  }
}

/** Whether a convolution without a border is to be given its images as they are. */
export function takesEverySecond({shape}: tf.Tensor, stride: number): boolean {
  return inUse && stride === 2 && tf.getBackend() === "tensorflow" && served(shape);
}
