import type {Elementwise} from "./elementwise";

/** dS = dW_eff · W · sign(S). Twin: layers/scoreGradients. */
export const scoreGradient: Elementwise = {
  name: "ScoreGradient",
  inputs: ["dEffective", "weights", "scores"],
  outputs: ["dScores"],
  each: "  dScores[i] = dEffective[i] * weights[i] * sign(scores[i]);",
};
