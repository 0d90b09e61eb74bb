import * as tf from "@tensorflow/tfjs";
import {type Engine, engines} from "../infer/inference";
import {inferenceOf} from "../infer/inferenceOf";
import {networkOf} from "../layers/ticketNetwork";
import type {Ticket} from "../ticket/ticket";

/** `tensorflow`: the float network on the backend in use. */
export type Predictor = Engine | "tensorflow";
export const predictors: readonly Predictor[] = [...engines, "tensorflow"];

/** Logits [count, classes] of normalised images [count, h, w, c]. */
export type Predict = (images: Float32Array, count: number) => Float32Array;

/** Calls `task` with the ticket's prediction on an engine, and cleans up behind it. */
export async function withPredictor<T>(
  ticket: Ticket,
  name: Predictor,
  task: (predict: Predict) => Promise<T>,
): Promise<T> {
  if (name !== "tensorflow") {
    const inference = await inferenceOf(ticket, name);
    return task((images, count) => inference.logits(images, count));
  }
  const {model} = networkOf(ticket);
  try {
    return await task((images, count) => {
      const logits = tf.tidy(
        () => model.predictOnBatch(tf.tensor4d(images, [count, ...ticket.image])) as tf.Tensor,
      );
      const values = logits.dataSync() as Float32Array;
      logits.dispose();
      return values;
    });
  } finally {
    model.dispose();
  }
}
