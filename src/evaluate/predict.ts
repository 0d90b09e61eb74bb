import {inferenceOf} from "../infer/inferenceOf";
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
  const {withTensorflow} = await import("./predictTensorflow");
  return withTensorflow(ticket, task);
}
