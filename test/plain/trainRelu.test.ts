import assert from "node:assert/strict";
import {test} from "node:test";
import {pooled} from "../../src/plain/pooledDigits";
import {leastSquares, oneHot, randomFeatures, readoutAccuracy} from "../../src/plain/randomFeatures";
import {runRelu} from "../../src/plain/reluNetwork";
import {accuracyOf, lossOf, margins, meanGradient, trainRelu} from "../../src/plain/trainRelu";
import {assertClose} from "../core/close";

const points = Float64Array.of(0.5, 1, -1, 0.3, 0.2, -0.7, 1.2, 0.9, -0.4, -0.8, 0.6, 0.1);
const data = {inputs: points, width: 2, labels: Uint8Array.of(0, 1, 2, 0, 1, 2)};

test("meanGradient is the derivative of lossOf, by central differences", () => {
  const network = trainRelu(data, {widths: [2, 5, 3], epochs: 1, seed: 4});
  const gradient = meanGradient(network, data, Uint32Array.from(data.labels.keys()));
  const h = 1e-6;
  network.forEach((layer, l) => {
    for (const part of ["weights", "bias"] as const) {
      const numeric = Float64Array.from(layer[part], (value, i) => {
        const at = (moved: number): number => {
          layer[part][i] = moved;
          const loss = lossOf(network, data);
          layer[part][i] = value;
          return loss;
        };
        return (at(value + h) - at(value - h)) / (2 * h);
      });
      assertClose(gradient[l][part], numeric, 1e-6, `${part} of layer ${l}`, 0.1);
    }
  });
});

test("training learns six points by heart, the same way each time", () => {
  const options = {widths: [2, 16, 3], epochs: 800, seed: 1, batch: 6, learningRate: 0.5, weightDecay: 0};
  const network = trainRelu(data, options);
  assert.equal(
    accuracyOf(x => runRelu(network, x), data),
    100,
  );
  assert.deepEqual(trainRelu(data, options), network);
  assert.ok(margins(network, data).every(margin => margin > 0));
});

test("pooled means: 4×4 to 2×2, of bytes over 255", () => {
  const images = Uint8Array.from({length: 16}, (_, i) => i);
  const {inputs, width} = pooled({imageShape: [4, 4, 1]}, {images, labels: Uint8Array.of(3), count: 1}, 2);
  assert.equal(width, 4);
  assertClose(inputs, [2.5 / 255, 4.5 / 255, 10.5 / 255, 12.5 / 255], 1e-12);
  const one = {images, labels: Uint8Array.of(3), count: 1};
  assert.throws(() => pooled({imageShape: [4, 4, 1]}, one, 3), /4×4×1 cannot be pooled by 3/);
});

test("leastSquares finds the weights that made the targets, and refuses singular equations", () => {
  const h = Float64Array.of(1, 0, 1, 0, 2, 1, 3, 1, 1, -1, 1, 1);
  const v = Float64Array.of(1, -2, 0.5, 3, -1, 0);
  const y = Float64Array.from({length: 8}, (_, at) => {
    const [row, k] = [Math.floor(at / 2), at % 2];
    return [0, 1, 2].reduce((sum, i) => sum + h[row * 3 + i] * v[i * 2 + k], 0);
  });
  assertClose(leastSquares(h, y, {width: 3, outputs: 2, lambda: 0}), v, 1e-9);
  const twice = Float64Array.of(1, 1, 2, 2);
  assert.throws(() => leastSquares(twice, twice, {width: 2, outputs: 2, lambda: 0}), /singular/);
});

test("random features are σ(Wᵀx) of frozen weights, positively homogeneous, with a constant 1 last", () => {
  const options = {features: 7, seed: 2, weights: "signs"} as const;
  const h = randomFeatures(data, options);
  const doubled = randomFeatures({...data, inputs: points.map(x => 2 * x)}, options);
  h.forEach((value, at) => {
    assert.ok(value >= 0);
    assert.ok(Math.abs(doubled[at] - (at % 8 === 7 ? 1 : 2 * value)) < 1e-12);
  });
  const identity = Float64Array.of(1, 0, 0, 1);
  assert.equal(
    readoutAccuracy(Float64Array.of(2, 1, 0, 3, 5, 4), identity, Uint8Array.of(0, 1, 1), 2),
    200 / 3,
  );
  assert.deepEqual([...oneHot(Uint8Array.of(1, 0), 3)], [0, 1, 0, 1, 0, 0]);
});
