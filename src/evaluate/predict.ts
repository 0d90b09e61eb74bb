import * as tf from "@tensorflow/tfjs";
import {inferenceOf} from "../infer/inferenceOf";
import {networkOf} from "../layers/ticketNetwork";
import type {Ticket} from "../ticket/ticket";
import type {Predict, Predictor} from "./predictors";

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
