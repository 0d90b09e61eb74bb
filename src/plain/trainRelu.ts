import {argmax} from "../core/argmax";
import {Stream} from "../core/random";
import {activations, type ReluNetwork, runRelu} from "./reluNetwork";

/** Inputs one after the other, `width` values each, and a class for each. */
export interface LabelledInputs {
  readonly inputs: Float64Array;
  readonly width: number;
  readonly labels: Uint8Array;
}

/** Input i. [width], a view that shares memory. */
export function inputAt({inputs, width}: LabelledInputs, i: number): Float64Array {
  return inputs.subarray(i * width, (i + 1) * width);
}

/** The network that is trained, and for how long. */
export interface TrainOptions {
  /** Widths from input to output, for instance [49, 24, 10]. */
  readonly widths: readonly number[];
  readonly epochs: number;
  readonly seed: number;
  /** Default 0.1, falling linearly to 0. */
  readonly learningRate?: number;
  /** Default 32. */
  readonly batch?: number;
  /** Default 0.0001. */
  readonly weightDecay?: number;
}

/**
 * A ReLU network trained by stochastic gradient descent on the cross-entropy, in doubles and without any tensor
 * library: for networks of a few thousand weights, and the same to the last digits on every machine.
 */
export function trainRelu(data: LabelledInputs, options: TrainOptions): ReluNetwork {
  const {widths, epochs, seed, learningRate = 0.1, batch = 32, weightDecay = 1e-4} = options;
  const network = startNetwork(widths, seed);
  const count = data.labels.length;
  const steps = epochs * Math.ceil(count / batch);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = new Stream(seed, `order/${epoch}`).permutation(count);
    for (let begin = 0; begin < count; begin += batch) {
      const rate = learningRate * (1 - step++ / steps);
      const indices = order.subarray(begin, begin + batch);
      const gradient = meanGradient(network, data, indices);
      network.forEach((layer, l) => {
        descend(layer.weights, gradient[l].weights, rate, weightDecay);
        descend(layer.bias, gradient[l].bias, rate, 0);
      });
    }
  }
  return network;
}

/** Per cent of inputs whose largest output is their class. */
export function accuracyOf(run: (x: Float64Array) => ArrayLike<number>, data: LabelledInputs): number {
  let correct = 0;
  data.labels.forEach((label, i) => {
    if (argmax(run(inputAt(data, i))) === label) correct++;
  });
  return (100 * correct) / data.labels.length;
}

/** For each input the largest output less the second largest: no error below half of it can change the answer. */
export function margins(network: ReluNetwork, data: LabelledInputs): Float64Array {
  return Float64Array.from(data.labels, (_, i) => {
    const [first, second] = runRelu(network, inputAt(data, i)).sort().reverse();
    return first - second;
  });
}

/** Mean of −ln softmax(y)[label]. */
export function lossOf(network: ReluNetwork, data: LabelledInputs): number {
  let sum = 0;
  data.labels.forEach((label, i) => {
    sum -= Math.log(softmax(runRelu(network, inputAt(data, i)))[label]);
  });
  return sum / data.labels.length;
}

/** Normal weights of variance 2/fan-in, biases 0. */
function startNetwork(widths: readonly number[], seed: number): ReluNetwork {
  return widths.slice(1).map((outputs, l) => {
    const inputs = widths[l];
    const random = new Stream(seed, `start/${l}`);
    const sd = Math.sqrt(2 / inputs);
    const signs = new Stream(seed, `start/${l}/signs`);
    const weights = Float64Array.from({length: inputs * outputs}, (_, i) =>
      signs.bit(i) === 1 ? -sd * random.normalMagnitude(i) : sd * random.normalMagnitude(i),
    );
    return {inputs, outputs, weights, bias: new Float64Array(outputs)};
  });
}

/** dL/dW and dL/db of a layer, shapes as its weights and biases. */
export interface Gradient {
  weights: Float64Array;
  bias: Float64Array;
}

/** Mean over the batch of the gradient of −ln softmax(y)[label]. */
export function meanGradient(network: ReluNetwork, data: LabelledInputs, indices: Uint32Array): Gradient[] {
  const gradient = network.map(({weights, bias}) => ({
    weights: new Float64Array(weights.length),
    bias: new Float64Array(bias.length),
  }));
  for (const i of indices) {
    const values = activations(network, inputAt(data, i));
    let dy = logitGradient(values[network.length], data.labels[i]);
    for (let l = network.length - 1; l >= 0; l--) dy = backward(network[l], values[l], dy, gradient[l]);
  }
  for (const {weights, bias} of gradient) {
    for (const values of [weights, bias]) for (let j = 0; j < values.length; j++) values[j] /= indices.length;
  }
  return gradient;
}

/** Adds dW and db of one input to `gradient` and returns dL/dx, 0 where ReLU gave 0. */
function backward(
  {inputs, outputs, weights}: ReluNetwork[number],
  x: Float64Array,
  dy: Float64Array,
  gradient: Gradient,
): Float64Array {
  const dx = new Float64Array(inputs);
  for (let k = 0; k < outputs; k++) gradient.bias[k] += dy[k];
  for (let i = 0; i < inputs; i++) {
    if (x[i] === 0) continue;
    const row = i * outputs;
    for (let k = 0; k < outputs; k++) {
      gradient.weights[row + k] += x[i] * dy[k];
      dx[i] += weights[row + k] * dy[k];
    }
  }
  return dx;
}

/** dL/dy of L = −ln softmax(y)[label]: softmax(y), less 1 at the label. */
export function logitGradient(y: Float64Array, label: number): Float64Array {
  const dy = softmax(y);
  dy[label] -= 1;
  return dy;
}

function softmax(y: Float64Array): Float64Array {
  const top = Math.max(...y);
  const e = y.map(value => Math.exp(value - top));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map(value => value / sum);
}

function descend(values: Float64Array, gradient: Float64Array, rate: number, decay: number): void {
  for (let j = 0; j < values.length; j++) values[j] -= rate * (gradient[j] + decay * values[j]);
}
