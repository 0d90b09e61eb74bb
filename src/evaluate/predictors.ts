import {type Engine, engines} from "../infer/inference";

/** `tensorflow`: the float network on the backend in use. */
export type Predictor = Engine | "tensorflow";
export const predictors: readonly Predictor[] = [...engines, "tensorflow"];

/** Logits [count, classes] of normalised images [count, h, w, c]. */
export type Predict = (images: Float32Array, count: number) => Float32Array;
