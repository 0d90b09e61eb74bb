import {formatDuration} from "../report/duration";
import {type LiveDisplay, liveDisplay} from "../report/live";
import type {EpochRecord} from "./position";
import type {StepProgress} from "./progress";

/**
 * Handlers for `search` that keep one line up to date while it runs, and leave it at the last epoch's result:
 * `await search(spec, data, searchProgress("ticket"))`.
 */
export function searchProgress(
  name: string,
  live: LiveDisplay = liveDisplay(),
  /** last: false where more is to be shown in `live` afterwards. */
  {last: endsLive = true}: {last?: boolean} = {},
): {
  /** Give it to `search` as it is. */
  onStep: (progress: StepProgress) => void;
  /** Give it to `search` as it is. */
  onEpoch: (record: EpochRecord) => void;
} {
  let last: EpochRecord | undefined;
  let lastEpoch = 0;
  return {
    onStep(progress) {
      const {epoch, epochs, batch, batches, loss, accuracy} = progress;
      lastEpoch = epochs;
      const tested = last ? ` · test ${last.testAccuracy.toFixed(1)} %` : "";
      live.text(
        `${name}: epoch ${epoch}/${epochs}, batch ${batch}/${batches} · loss ${loss.toFixed(3)} · ` +
          `train ${accuracy.toFixed(1)} %${tested} · ${formatDuration(progress.secondsLeft)} left`,
      );
    },
    onEpoch(record) {
      last = record;
      const {epoch, loss, trainAccuracy, testAccuracy} = record;
      live.text(
        `${name}: epoch ${epoch} · loss ${loss.toFixed(3)} · train ${trainAccuracy.toFixed(1)} % · test ${testAccuracy.toFixed(1)} %`,
      );
      if (endsLive && epoch === lastEpoch) live.done();
    },
  };
}
