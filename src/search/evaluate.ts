import * as tf from "@tensorflow/tfjs";
import {evaluationBatch} from "../data/batches";
import type {Dataset} from "../data/dataset";
import {correctCount} from "../optim/loss";

/** Accuracy in per cent over a split, batch norm at its running statistics, no augmentation. */
export async function evaluate(
  model: tf.LayersModel,
  dataset: Dataset,
  part: "train" | "test",
  {batchSize = 500, signal}: {readonly batchSize?: number; readonly signal?: AbortSignal} = {},
): Promise<number> {
  const {count} = dataset[part];
  let correct = 0;
  for (let start = 0; start < count; start += batchSize) {
    signal?.throwIfAborted();
    const {images, labels, shape} = evaluationBatch(dataset, part, start, batchSize);
    const right = tf.tidy(() => {
      const logits = model.predictOnBatch(tf.tensor4d(images, [...shape])) as tf.Tensor2D;
      return correctCount(logits, tf.tensor1d(labels, "int32"));
    });
    correct += right.dataSync()[0];
    right.dispose();
    await new Promise(setImmediate);
  }
  return (100 * correct) / count;
}
