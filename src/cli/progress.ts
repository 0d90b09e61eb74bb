import {SingleBar} from "cli-progress";
import {formatDuration} from "../report/duration";
import type {EpochRecord} from "../search/position";
import type {StepProgress} from "../search/progress";
import type {SearchOptions} from "../search/search";
import {bold, dim, type Printed, print, printJson} from "./print";
import {everySeconds, LOG_SECONDS, logLine} from "./stepLine";
import {progressLine, progressWidth} from "./terminal";

export interface Progress extends Required<Pick<SearchOptions, "onStep" | "onEpoch">> {
  stop(): void;
}

/**
 * A bar on standard error where that is a terminal, and a line an epoch on standard output; where there is no bar, a line
 * in five minutes too.
 */
export function terminalProgress(isDue: () => boolean = everySeconds(LOG_SECONDS)): Progress {
  const bar = process.stderr.isTTY ? newBar() : undefined;
  let started = false;
  const stop = (): void => {
    if (started) bar?.stop();
    started = false;
  };
  return {
    onStep(progress) {
      if (bar === undefined) {
        if (isDue()) print(`${logLine(progress)}\n`);
        return;
      }
      const {batch, batches} = progress;
      if (started) bar.update(batch, progress);
      else bar.start(batches, batch, progress);
      started = true;
    },
    onEpoch(record) {
      stop();
      print(epochLine(record), "\n");
    },
    stop,
  };
}

/** One JSON object a line on standard output. */
export function jsonProgress(isDue: () => boolean = everySeconds(LOG_SECONDS)): Progress {
  return {
    onStep(progress) {
      if (isDue()) printJson({event: "step", ...progress});
    },
    onEpoch: record => printJson({event: "epoch", ...record}),
    stop() {},
  };
}

function newBar(): SingleBar {
  return new SingleBar({
    format: (_, {value, total}, payload) => stepLine(payload as StepProgress, value / total, progressWidth()),
    clearOnComplete: true,
    hideCursor: true,
    stopOnComplete: false,
    linewrap: false,
  });
}

/** What is known after a step, in one line of a terminal: the epoch and the time left stay to the last. */
export function stepLine(progress: StepProgress, share: number, width: number): string {
  const {epoch, epochs, loss, accuracy, imagesPerSecond, secondsLeft} = progress;
  return progressLine(
    share,
    [
      {text: `epoch ${epoch}/${epochs}`},
      {text: `loss ${loss.toFixed(3)}`, optional: 2},
      {text: `train ${accuracy.toFixed(1)} %`, optional: 1},
      {text: `${imagesPerSecond.toFixed(0)} images/s`, optional: 3},
      {text: `${formatDuration(secondsLeft)} left`},
    ],
    width,
  );
}

function epochLine(record: EpochRecord): Printed {
  const {epoch, loss, trainAccuracy, testAccuracy, imagesPerSecond, keepFraction} = record;
  const ramp = keepFraction === undefined ? "" : `   kept ${Number((100 * keepFraction).toPrecision(3))} %`;
  const right = (value: number, digits: number, width: number): string =>
    value.toFixed(digits).padStart(width);
  return [
    `epoch ${String(epoch).padStart(3)}   loss ${right(loss, 4, 7)}   train ${right(trainAccuracy, 1, 5)} %   `,
    bold(`test ${right(testAccuracy, 1, 5)} %`),
    ["   ", dim(`${imagesPerSecond.toFixed(0)} images/s`), ramp],
  ];
}
