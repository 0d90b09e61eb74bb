import * as tf from "@tensorflow/tfjs";
import {networkOf} from "../layers/ticketNetwork";
import type {Ticket} from "../ticket/ticket";
import type {Predict} from "./predictors";

/** Calls `task` with the ticket's float network on the backend in use, and cleans up behind it. */
export async function withTensorflow<T>(ticket: Ticket, task: (predict: Predict) => Promise<T>): Promise<T> {
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
