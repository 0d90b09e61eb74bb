import type {Elementwise} from "./elementwise";

/** +1 where x ≥ 0, else −1. Twin: layers/binaryActivation. */
export const sign: Elementwise = {
  name: "Sign",
  inputs: ["x"],
  outputs: ["y"],
  each: "  y[i] = select(-1.0, 1.0, x[i] >= 0.0);",
};

/** dx = dy · 2·(1 − |x|) inside [−1, 1], else 0. Twin: the surrogate bi-real of layers/surrogates. */
export const biRealGradient: Elementwise = {
  name: "BiRealGrad",
  inputs: ["dy", "x"],
  outputs: ["dx"],
  each: "  dx[i] = dy[i] * max(0.0, 2.0 - abs(x[i]) * 2.0);",
};

/** ReLU's dx = dy where y > 0, else 0, in one pass. Twin: backend/reluGradient. */
export const reluGradient: Elementwise = {
  name: "ReluGrad",
  inputs: ["dy", "y"],
  outputs: ["dx"],
  each: "  dx[i] = select(0.0, dy[i], y[i] > 0.0);",
};
