import {type FanRule, fanRuleNamed} from "../core/fan";
import {type GainName, gainRules} from "../core/gain";
import {topKMask} from "../core/mask";
import {binarize} from "../core/quantize";
import {Stream} from "../core/random";
import {startScores} from "../core/scores";
import {randomWeights} from "../core/weights";
import {relu} from "./prunedLayer";
import {logitGradient} from "./trainRelu";

/** The network whose signal is measured. */
export interface SignalOptions {
  readonly keepFraction: number;
  readonly gain?: GainName;
  readonly fan?: FanRule;
  /** Layers, the last of which gives ten logits. */
  readonly depth?: number;
  /** Units of every layer but the last, and inputs. */
  readonly units?: number;
  readonly seed?: number;
  /** Random inputs, N(0, 1) each, that are averaged over. */
  readonly inputs?: number;
}

/** Of one layer l = 1 … L, by formula or measured. */
export interface LayerSignal {
  readonly layer: number;
  /** rms of what the layer receives, h_{l−1}. */
  readonly signal: number;
  /** r = rms(dL/dS)/mean |S|, of single inputs. */
  readonly step: number;
}

const CLASSES = 10;

/**
 * A bias-free ReLU network of dense layers under a mask drawn by random scores, before any step of the search:
 * y_l = α·(M ⊙ sign W)ᵀ h_{l−1}, h_l = max(y_l, 0), cross-entropy of the last. Measured by running it forward and back.
 */
export function measuredSignal(options: SignalOptions): LayerSignal[] {
  const {inputs = 20, seed = 0, units = 256} = options;
  const layers = drawnLayers(options);
  const stream = new Stream(seed, "inputs");
  const signs = new Stream(seed, "input signs");
  const squares = layers.map(() => ({signal: 0, gradient: 0}));
  for (let n = 0; n < inputs; n++) {
    const x = Float64Array.from({length: units}, (_, i) => {
      const at = n * units + i;
      return (signs.bit(at) ? -1 : 1) * stream.normalMagnitude(at);
    });
    const received: Float64Array[] = [x];
    for (const layer of layers) received.push(forward(layer, received.at(-1)!, layer === layers.at(-1)));
    let slope = logitGradient(received.pop()!, n % CLASSES);
    for (let l = layers.length - 1; l >= 0; l--) {
      squares[l].signal += meanSquare(received[l]) / inputs;
      squares[l].gradient += scoreGradientSquare(layers[l], received[l], slope) / inputs;
      slope = backward(layers[l], received[l], slope);
    }
  }
  return layers.map(({meanScore}, l) => ({
    layer: l + 1,
    signal: Math.sqrt(squares[l].signal),
    step: Math.sqrt(squares[l].gradient) / meanScore,
  }));
}

/**
 * The same by formula. Forward, the mean square is multiplied by c = ½·fan·k·α² a layer; backward, by the same with the
 * outgoing edges; so a gradient, the product of both, has passed all layers but one wherever it is taken:
 * rms(dL/dS)_l² = q_{l−1}·d_l·E W², with d_L = (9·0.1² + 0.9²)/10 as long as the logits are near zero. Scores are uniform on ±1/√fan,
 * so mean |S| = 1/(2√fan). α is the expected one: σ√(2/π) of `mean-kept` with Kaiming normal weights.
 */
export function expectedSignal(options: SignalOptions): LayerSignal[] {
  const {keepFraction: k, fan = "pruned", depth = 8, units = 256} = options;
  const variance = 2 / fanRuleNamed(fan)(units, k);
  const factor = signalFactor(options);
  const logitSlope = ((CLASSES - 1) * (1 / CLASSES) ** 2 + (1 - 1 / CLASSES) ** 2) / CLASSES;
  const intoLast = ((factor * CLASSES) / units) * logitSlope;
  return Array.from({length: depth}, (_, l) => {
    const received = factor ** l;
    const slope = l === depth - 1 ? logitSlope : intoLast * factor ** (depth - 2 - l);
    return {
      layer: l + 1,
      signal: Math.sqrt(received),
      step: Math.sqrt(received * slope * variance) * 2 * Math.sqrt(units),
    };
  });
}

/** c = ½·fan·k·α²: what a ReLU layer multiplies the mean square of a signal by, for Kaiming normal weights. */
export function signalFactor(options: Omit<SignalOptions, "depth" | "inputs" | "seed">): number {
  const {keepFraction: k, gain = "mean-kept", fan = "pruned", units = 256} = options;
  const variance = 2 / fanRuleNamed(fan)(units, k);
  return 0.5 * units * k * expectedGainSquare(gain, variance, k, units);
}

/** α² in expectation; a mask drawn by random scores does not look at the weights, so `mean-all` is `mean-kept`. */
function expectedGainSquare(gain: GainName, variance: number, k: number, units: number): number {
  switch (gain) {
    case "mean-kept":
    case "mean-all":
      return (2 / Math.PI) * variance;
    case "rms-kept":
      return variance;
    case "one":
      return 1;
    case "unit":
      return 2 / (k * units);
  }
}

interface DrawnLayer {
  readonly outputs: number;
  readonly weights: Float32Array;
  /** α·M ⊙ sign(W), [inputs, outputs]. */
  readonly effective: Float32Array;
  readonly meanScore: number;
}

function drawnLayers(options: SignalOptions): DrawnLayer[] {
  const {keepFraction, gain = "mean-kept", fan = "pruned", depth = 8, units = 256, seed = 0} = options;
  return Array.from({length: depth}, (_, l) => {
    const name = `fc${l + 1}`;
    const outputs = l === depth - 1 ? CLASSES : units;
    const shape = [units, outputs];
    const weights = randomWeights(shape, {fan, keepFraction, seed, name});
    const scores = startScores(weights, shape, {seed, name});
    const mask = topKMask(scores, keepFraction);
    const alpha = gainRules[gain](weights, mask, {keepFraction, fanIn: units, selection: "layerwise"});
    const effective = binarize(weights, mask, alpha);
    const meanScore = scores.reduce((sum, s) => sum + Math.abs(s), 0) / scores.length;
    return {outputs, weights, effective, meanScore};
  });
}

function forward({outputs, effective}: DrawnLayer, x: Float64Array, last: boolean): Float64Array {
  const y = new Float64Array(outputs);
  for (let i = 0; i < x.length; i++)
    if (x[i] !== 0) for (let j = 0; j < outputs; j++) y[j] += effective[i * outputs + j] * x[i];
  return last ? y : y.map(relu);
}

/** dL/dy_{l−1} from dL/dy_l: through W_eff and the ReLU that made h. */
function backward({outputs, effective}: DrawnLayer, h: Float64Array, slope: Float64Array): Float64Array {
  return h.map((value, i) => {
    let sum = 0;
    if (value > 0) for (let j = 0; j < outputs; j++) sum += effective[i * outputs + j] * slope[j];
    return sum;
  });
}

/** Mean square of dL/dS = h ⊗ dL/dy ⊙ W (⊙ sign S, which a square does not see). */
function scoreGradientSquare({outputs, weights}: DrawnLayer, h: Float64Array, slope: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < h.length; i++)
    for (let j = 0; j < outputs; j++) sum += (h[i] * slope[j] * weights[i * outputs + j]) ** 2;
  return sum / weights.length;
}

function meanSquare(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}
