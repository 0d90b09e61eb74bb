import {UserError} from "../core/errors";
import {adam} from "../optim/adam";
import type {TorchOptimizer} from "../optim/optimizer";
import {sgd} from "../optim/sgd";
import type {SearchSpec} from "./spec";

/** The optimiser of a spec; what its options contradict is refused in one line. */
export function optimizerFor({optimizer, learningRate}: SearchSpec): TorchOptimizer {
  const {name, momentum, nesterov, weightDecay, clipValue, batchNormDecay = true} = optimizer;
  const decays = batchNormDecay ? undefined : (variable: string) => !/gamma|beta/.test(variable);
  const common = {learningRate, weightDecay, clipValue, decays};
  try {
    return name === "sgd" ? sgd({...common, momentum, nesterov}) : adam(common);
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}
