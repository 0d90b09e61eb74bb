import {formatDuration} from "../report/duration";
import type {StepProgress} from "../search/progress";

/** How often a log hears of a search between two epochs, which may lie hours apart. */
export const LOG_SECONDS: number = 5 * 60;

/** A question that is answered with yes once in so many seconds, the first time after as many. */
export function everySeconds(seconds: number, clock: () => number = () => performance.now()): () => boolean {
  let last = clock();
  return () => {
    const now = clock();
    if (now - last < 1000 * seconds) return false;
    last = now;
    return true;
  };
}

/** Where a search stands, in a line of a log. */
export function logLine({epoch, epochs, batch, batches, loss, accuracy, secondsLeft}: StepProgress): string {
  return (
    `epoch ${epoch}/${epochs}  batch ${batch}/${batches}  loss ${loss.toFixed(4)}  ` +
    `train ${accuracy.toFixed(1)} %  ${formatDuration(secondsLeft)} left`
  );
}
