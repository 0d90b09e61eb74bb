import * as tf from "@tensorflow/tfjs";
import {type Arithmetic, arithmeticOf} from "../backend/arithmetic";
import {readBack} from "../backend/readBack";
import {imageSize} from "../data/dataset";
import {type Pictures, sourceOf} from "../data/source";
import {MaskedLayer} from "../layers/maskedLayer";
import {correctCount} from "../optim/loss";
import {attendEvaluation, isAttended} from "./attended";

const VALUES_AT_ONCE = 5e6;

/** How much of a split, in what portions, and how it is computed. */
export interface EvaluationOptions {
  /** 500, or what makes five million values where images are large. */
  readonly batchSize?: number;
  /** The first so many pictures of the split; all by default. */
  readonly images?: number;
  readonly signal?: AbortSignal;
  /** Called after each batch with the number of pictures done, and of all. */
  readonly onBatch?: (done: number, total: number) => void;
  readonly arithmetic?: Arithmetic;
}

/**
 * Accuracy in per cent over a split, batch norm at its running statistics, no augmentation. In a notebook it shows how
 * far it is where it takes long, and an interrupt of the kernel ends it.
 */
export function evaluate(
  model: tf.LayersModel,
  pictures: Pictures,
  part: "train" | "test",
  options: EvaluationOptions = {},
): Promise<number> {
  if (!isAttended(options)) return evaluateBatches(model, pictures, part, options);
  return attendEvaluation((signal, show) => {
    const onBatch = options.onBatch ?? show;
    return evaluateBatches(model, pictures, part, {...options, signal, onBatch});
  });
}

async function evaluateBatches(
  model: tf.LayersModel,
  pictures: Pictures,
  part: "train" | "test",
  {batchSize, images: most, signal, onBatch, arithmetic = arithmeticOf("float32")}: EvaluationOptions,
): Promise<number> {
  const source = sourceOf(pictures);
  const count = Math.min(most ?? source[part].count, source[part].count);
  const atOnce = batchSize ?? Math.max(1, Math.min(500, Math.floor(VALUES_AT_ONCE / imageSize(source))));
  const masked = model.layers.filter(layer => layer instanceof MaskedLayer);
  let correct = 0;
  try {
    // Scores stand still here: one selection serves all batches.
    for (const layer of masked) layer.hold();
    for (let start = 0; start < count; start += atOnce) {
      signal?.throwIfAborted();
      const size = Math.min(atOnce, count - start);
      const {images, labels, shape} = await source.evaluationBatch(part, start, size);
      const right = tf.tidy(() => {
        const input = tf.tensor4d(images, [...shape]);
        const logits = arithmetic.run(() => model.predictOnBatch(input) as tf.Tensor2D);
        return correctCount(logits, tf.tensor1d(labels, "int32"));
      });
      await readBack([right]);
      correct += right.dataSync()[0];
      right.dispose();
      onBatch?.(start + size, count);
      await new Promise(setImmediate);
    }
  } finally {
    for (const layer of masked) layer.release();
  }
  // Computing has moved them to the device: whoever makes a ticket or a summary next reads them at once.
  await readBack(model.weights.map(weight => weight.read()));
  return (100 * correct) / count;
}
