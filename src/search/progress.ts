import type {Position} from "./position";

/** Where a search stands after a step. */
export interface StepProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

export function progressOf(
  position: Position,
  epochs: number,
  batches: number,
  images: number,
): StepProgress {
  const {epoch, batch, seen, lossSum, correct, trainSeconds, epochBegan, evaluationSeconds} = position;
  const secondsAnImage = (trainSeconds - epochBegan) / seen;
  const imagesLeft = (epochs - epoch) * images - seen;
  const evaluationLeft = epoch > 0 ? (evaluationSeconds / epoch) * (epochs - epoch) : 0;
  return {
    epoch: epoch + 1,
    epochs,
    batch,
    batches,
    loss: lossSum / seen,
    accuracy: (100 * correct) / seen,
    imagesPerSecond: 1 / secondsAnImage,
    secondsLeft: imagesLeft * secondsAnImage + evaluationLeft,
  };
}
