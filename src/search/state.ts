import type * as tf from "@tensorflow/tfjs";
import type {Network} from "../layers/build";

/** The variables of a network that a search changes or needs, by a name that does not depend on the process. */
export function stateVariables(network: Network): Map<string, tf.Variable> {
  const state = new Map<string, tf.Variable>();
  for (const layer of network.masked) {
    const {weights, scores, gain} = layer.variables();
    if (scores) state.set(`${layer.name}/scores`, scores);
    else state.set(`${layer.name}/weights`, weights);
    if (gain) state.set(`${layer.name}/gain`, gain);
  }
  for (const layer of network.batchNorms) {
    for (const [name, variable] of Object.entries(layer.variables()))
      state.set(`${layer.name}/${name}`, variable);
  }
  return state;
}

/** The variables that gradients update, in the order of the model. */
export function trainedVariables(network: Network, tuneBatchNorm: boolean): tf.Variable[] {
  const searched = new Set(
    network.masked.flatMap(layer => {
      const {scores, gain} = layer.variables();
      return [scores, gain];
    }),
  );
  return network.model.trainableWeights
    .map(weight => weight.read() as tf.Variable)
    .filter(variable => !(tuneBatchNorm && searched.has(variable)));
}

/** SHA-256 over little-endian float32 values in layer order. */
export async function sha256OfArrays(arrays: readonly Float32Array[]): Promise<string> {
  const whole = new Uint8Array(arrays.reduce((sum, {byteLength}) => sum + byteLength, 0));
  let at = 0;
  for (const values of arrays) {
    whole.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return Array.from(digest, byte => byte.toString(16).padStart(2, "0")).join("");
}
