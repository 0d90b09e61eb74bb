import {argmax} from "../core/argmax";
import {UserError} from "../core/errors";
import {type Pictures, sourceOf} from "../data/source";
import type {Ticket} from "../ticket/ticket";
import type {Predict} from "./predictors";

/** What a ticket scores on a test set. */
export interface TicketEvaluation {
  readonly images: number;
  readonly correct: number;
  /** Per cent. */
  readonly accuracy: number;
  /** Spent predicting, without reading and normalising the images. */
  readonly seconds: number;
}

/** How much of the test set, and in what portions. */
export interface TicketEvaluationOptions {
  /** Test images, the first so many; all by default. */
  readonly images?: number;
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Called after each batch with the number of images done, and of all. */
  readonly onBatch?: (done: number, total: number) => void;
}

/** Accuracy of a ticket on a test set, its own normalisation applied. UserError when its images are of another size. */
export async function evaluateTicket(
  ticket: Ticket,
  predict: Predict,
  pictures: Pictures,
  {images: asked, batchSize = 100, signal, onBatch}: TicketEvaluationOptions = {},
): Promise<TicketEvaluation> {
  const source = sourceOf(pictures).normalisedBy(ticket.normalisation);
  if (ticket.image.join() !== source.imageShape.join()) {
    throw new UserError(
      `the ticket takes images of ${ticket.image.join("×")}, those of ${source.name} are ${source.imageShape.join("×")}`,
    );
  }
  if (ticket.network.classes !== source.classNames.length) {
    throw new UserError(
      `the ticket knows ${ticket.network.classes} classes, ${source.name} has ${source.classNames.length}`,
    );
  }
  const total = Math.min(asked ?? source.test.count, source.test.count);
  let correct = 0;
  let seconds = 0;
  for (let start = 0; start < total; start += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, total - start);
    const {images, labels} = await source.evaluationBatch("test", start, count);
    const began = performance.now();
    const logits = predict(images, count);
    seconds += (performance.now() - began) / 1000;
    const classes = logits.length / count;
    labels.forEach((label, i) => {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      if (argmax(row) === label) correct++;
    });
    onBatch?.(start + count, total);
    await new Promise(setImmediate);
  }
  return {images: total, correct, accuracy: (100 * correct) / total, seconds};
}
