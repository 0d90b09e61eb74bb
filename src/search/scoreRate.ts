import * as tf from "@tensorflow/tfjs";
import type {Network} from "../layers/build";
import {Diverged} from "./diverged";
import {meanMagnitude} from "./scoreSteps";
import type {SearchSpec} from "./spec";

/** What multiplies a layer's score gradient, by layer; undefined at an absolute rate, where nothing does. */
export type ScoreFactors = Readonly<Record<string, number>>;

/**
 * The factors of a search that begins. With G = dL/dS of the first batch before the first update, g that of the step at
 * hand, and S₀ the start scores:
 *
 *     relative      g · mean |S₀| / rms(G)      the first step moves the scores by the rate times their mean size
 *     normalised    g · mean |S₀| / rms(g)      every step's gradient is of that size, however small the loss becomes
 *
 * Kept here is mean |S₀| / rms(G), or mean |S₀| alone. `firstSteps` gives rms(G) / mean |S₀| of each layer.
 * Diverged where no rate fits.
 */
export async function scoreFactors(
  {scoreRate}: SearchSpec,
  network: Network,
  firstSteps: () => Promise<readonly number[]>,
): Promise<ScoreFactors | undefined> {
  const {masked} = network;
  switch (scoreRate) {
    case undefined:
    case "absolute":
      return undefined;
    case "normalised":
      return Object.fromEntries(masked.map(layer => [layer.name, meanMagnitude(layer.scoreValues())]));
    case "relative": {
      const steps = await firstSteps();
      const still = steps.findIndex(step => !(step > 0 && Number.isFinite(step)));
      if (still >= 0) {
        throw new Diverged(
          `the score gradient of layer ${masked[still].name} is ${steps[still]} at the start: no relative rate fits it`,
        );
      }
      return Object.fromEntries(masked.map(({name}, i) => [name, 1 / steps[i]]));
    }
  }
}

/** The gradients, those of scores anew as their layer's factor says. A gradient that is 0 throughout stays 0. */
export function scaledGradients(
  gradients: tf.NamedTensorMap,
  network: Network,
  {scoreRate}: SearchSpec,
  factors: ScoreFactors,
): tf.NamedTensorMap {
  const ofVariable = new Map(
    network.masked.map(layer => [layer.variables().scores?.name, factors[layer.name]]),
  );
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => {
      const factor = ofVariable.get(name);
      if (factor === undefined) return [name, gradient];
      return [name, scoreRate === "normalised" ? ofSize(gradient, factor) : tf.mul(gradient, factor)];
    }),
  );
}

/** The gradient scaled to a root mean square of `size`. */
function ofSize(gradient: tf.Tensor, size: number): tf.Tensor {
  return tf.tidy(() => {
    const rms = tf.sqrt(tf.mean(tf.square(gradient)));
    return tf.mul(gradient, tf.divNoNan(tf.scalar(size), rms));
  });
}
