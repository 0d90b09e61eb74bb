import * as ort from "onnxruntime-web";
import type {ImageShape} from "../../src/network/operations";

export const levels = ["disabled", "basic", "extended", "all"] as const;
export type Level = (typeof levels)[number];

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** The logits that ONNX Runtime computes of images [count, h, w, c], which it is given channels first. */
export async function runtimeLogits(
  model: Uint8Array,
  images: Float32Array,
  [h, w, c]: ImageShape,
  count: number,
  graphOptimizationLevel: Level,
): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model, {
    graphOptimizationLevel,
    executionProviders: ["wasm"],
  });
  const channelsFirst = new Float32Array(images.length);
  for (let i = 0; i < images.length; i++) {
    const [image, pixel, channel] = [Math.floor(i / (h * w * c)), Math.floor((i % (h * w * c)) / c), i % c];
    channelsFirst[(image * c + channel) * h * w + pixel] = images[i];
  }
  const {logits} = await session.run({images: new ort.Tensor("float32", channelsFirst, [count, c, h, w])});
  await session.release();
  return Float32Array.from(logits.data as Float32Array);
}
