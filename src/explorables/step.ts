import {keepCount, topKMask} from "../core/mask";
import {scoreGradient} from "../core/straightThrough";
import {swapBetween} from "../plain/combinations";
import {barsPanel, KEPT, layerPanel, meanKept, scores, slopes, weights} from "./eight";
import type {Explorable, View} from "./frame/explorable";

export interface StepState {
  readonly scores: Float32Array;
  /** Before the last step; the same at the start. */
  readonly before: Float32Array;
  readonly steps: number;
  readonly rate: number;
}

const start: StepState = {scores, before: scores, steps: 0, rate: 0.125};

/** One step of biprop at a time on the eight weights of notebook 01, dL/dW_b held as it is there. */
export const stepExplorable: Explorable<StepState> = {
  name: "step",
  title: "One step of biprop: scores, threshold, mask, gain",
  caption:
    "Try: take steps, and watch the scores. No weight moves; scores do, each by −η · dL/dW_b · W · sign(s). As soon as a pruned score is larger in size than a kept one, the two weights change places, and the gain is taken anew over what is kept. " +
    "With a small η many steps change nothing at all; with a large one several weights change places at once. (dL/dW_b is made up and stays as it is; in a search it follows the loss.)",
  start,
  controls: [
    {kind: "button", name: "step", label: "One step", press: stepped},
    {kind: "button", name: "reset", label: "Start again", press: ({rate}) => ({...start, rate})},
    {
      kind: "slider",
      name: "rate",
      label: "η",
      min: 0.025,
      max: 0.5,
      step: 0.025,
      value: ({rate}) => rate,
      set: (state, rate) => ({...state, rate}),
    },
  ],
  view,
};

function stepped({scores: before, steps, rate}: StepState): StepState {
  const gradient = scoreGradient(slopes, weights, before);
  return {scores: before.map((s, i) => s - rate * gradient[i]), before, steps: steps + 1, rate};
}

function view({scores: now, before, steps}: StepState): View {
  const mask = topKMask(now, KEPT);
  const moved = swapBetween(topKMask(before, KEPT), mask);
  const gain = meanKept(mask);
  const sizes = now.map(Math.abs).sort().reverse();
  const threshold = sizes[keepCount(now.length, KEPT) - 1];
  const reach = 1.1 * Math.max(1, sizes[0]);
  const swap = moved.in.length === 0 ? "" : `${moved.in.join(" and ")} in for ${moved.out.join(" and ")}`;
  return {
    panels: [
      barsPanel({
        title: "Scores s; outlines: before; dashed: threshold",
        label: `Eight scores; those of size ${threshold.toFixed(3)} or more are kept`,
        reach,
        ticks: reach > 2 ? [-2, -1, 0, 1, 2] : [-1, -0.5, 0, 0.5, 1],
        full: now,
        mask,
        signs: weights,
        outlines: before,
        prunedToo: true,
        across: [threshold, -threshold],
      }),
      layerPanel(mask, gain, `Mask ${mask.join("")}, gain ${gain.toFixed(4)}`, moved.in),
    ],
    numbers: [
      {name: "step", label: "step", value: steps},
      {name: "mask", label: "mask", value: mask.join("")},
      {name: "threshold", label: "threshold", value: threshold, text: threshold.toFixed(4)},
      {name: "gain", label: "gain α =", value: gain, text: gain.toFixed(4)},
      {name: "swap", label: "this step:", value: swap, text: swap || "no swap"},
    ],
    says:
      steps === 0
        ? "Filled bars in colour are kept: blue where W is negative, orange where it is positive. Grey ones are pruned, but their scores learn as well."
        : swap
          ? `Weight ${swap}: the mask is another, and α goes with it.`
          : "Scores moved, none across the threshold: the network is the same as before.",
  };
}
