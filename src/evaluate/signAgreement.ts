import * as tf from "@tensorflow/tfjs";
import {networkOfTicket} from "../infer/network";
import {referenceLogits} from "../infer/reference";
import {networkOf} from "../layers/ticketNetwork";
import type {Ticket} from "../ticket/ticket";

/** Where two engines take a sign differently: of one image, the first layer in which they do. */
export interface DifferingSigns {
  readonly count: number;
  /**
   * How far at most an input at such a place lies from where its sign changes, over the rms of the layer's inputs. It
   * changes at 0; right behind a convolution, where what is near to 0 counts as 0, at the lower end of that.
   */
  readonly largest: number;
}

/** A ticket of MPT-1/1 in TensorFlow that also tells what its signs are taken of. Dispose of it. */
export interface SignProbe {
  /** Logits [count, classes], and of every sign layer, in the order that they are built, its input [count, h, w, c]. */
  readonly run: (images: Float32Array, count: number) => {logits: Float32Array; signInputs: Float32Array[]};
  readonly dispose: () => void;
}

export function signProbe(ticket: Ticket): SignProbe {
  const {model} = networkOf(ticket);
  const signs = model.layers
    .filter(layer => layer.getClassName() === "BinaryActivation")
    .sort((a, b) => a.id - b.id);
  const outputs = [model.outputs[0], ...signs.map(layer => layer.input as tf.SymbolicTensor)];
  const whole = tf.model({inputs: model.inputs, outputs});
  return {
    run: (images, count) => {
      const tensors = tf.tidy(() => {
        const x = tf.tensor4d(images, [count, ...ticket.image]);
        return [whole.predict(x)].flat().map(value => tf.keep(value));
      });
      const [logits, ...signInputs] = tensors.map(value => value.dataSync() as Float32Array);
      tf.dispose(tensors);
      return {logits, signInputs};
    },
    dispose: () => model.dispose(),
  };
}

/**
 * The readable reference's logits of one image, and where it takes signs otherwise than TensorFlow, whose inputs of
 * signs are given; undefined where nowhere. Behind the first layer that differs the inputs do, too, so only that one
 * is looked at.
 */
export function compareSigns(
  ticket: Ticket,
  image: Float32Array,
  signInputs: readonly Float32Array[],
): {logits: Float32Array; differing: DifferingSigns | undefined} {
  const layers: DifferingSigns[] = [];
  const logits = referenceLogits(networkOfTicket(ticket), image, ({values}, nearZero) =>
    layers.push(differencesOf(values, signInputs[layers.length], nearZero)),
  );
  return {logits, differing: layers.find(({count}) => count > 0)};
}

function differencesOf(mine: Float32Array, theirs: Float32Array, nearZero: number): DifferingSigns {
  const fromChange = (x: number): number => (x < 0 ? Math.abs(x + nearZero) : x);
  const rms = Math.sqrt(theirs.reduce((sum, x) => sum + x * x, 0) / theirs.length);
  let count = 0;
  let largest = 0;
  mine.forEach((x, j) => {
    if (x < 0 === theirs[j] < 0) return;
    count++;
    largest = Math.max(largest, fromChange(x) / rms, fromChange(theirs[j]) / rms);
  });
  return {count, largest};
}
