import type {ExpectedAfter, ExpectedArray, ParityCase} from "../../src/parity/caseFile";
import type {Observed, ObservedAfter} from "../../src/parity/replay";

/** A network that meets every quantity a case may hold: global selection, learned batch norm, two updates. */
export function smallCase(): ParityCase {
  const tensors: ParityCase["tensors"] = [
    {t: 0, name: "images", kind: "image", shape: [3, 2, 6, 6]},
    {t: 1, name: "labels", kind: "labels", shape: [3]},
    {t: 2, name: "c.W", kind: "kaiming_uniform", shape: [4, 2, 3, 3], fanIn: 18},
    {t: 3, name: "c.S", kind: "scores", shape: [4, 2, 3, 3], fanIn: 18},
    {t: 4, name: "b.gamma", kind: "gamma", shape: [4]},
    {t: 5, name: "b.beta", kind: "beta", shape: [4]},
    {t: 6, name: "f.W", kind: "kaiming_uniform", shape: [5, 16, 1, 1], fanIn: 16},
    {t: 7, name: "f.S", kind: "scores", shape: [5, 16, 1, 1], fanIn: 16},
  ];
  return {
    formatVersion: 1,
    name: "small",
    keepFraction: 0.4,
    pruning: "global",
    bn: "learned",
    bnEps: 1e-5,
    bnMomentum: 0.1,
    optimizer: {name: "sgd", lr: 0.1, momentum: 0.9},
    seed: 5,
    batch: 3,
    image: [2, 6, 6],
    classes: 5,
    steps: 2,
    comparableSteps: 2,
    architecture: [
      {op: "conv", name: "c", shape: [4, 2, 3, 3], stride: 2, pad: 1, W: 2, S: 3},
      {op: "bn", name: "b", channels: 4, gamma: 4, beta: 5},
      {op: "relu"},
      {op: "maxpool", size: 2, stride: 1, pad: 0},
      {op: "flatten"},
      {op: "conv", name: "f", shape: [5, 16, 1, 1], stride: 1, pad: 0, W: 6, S: 7},
    ],
    tensors,
    expected: {step0: {layers: {}}},
  };
}

const exactly = (v: number): {v: number; noise: number} => ({v, noise: 0});
const all = (values: ArrayLike<number>): ExpectedArray => ({v: Array.from(values), noise: 0});
const sum = (values: Float32Array, of: (v: number) => number = v => v): number =>
  values.reduce((total, v) => total + of(v), 0);
const l2 = (values: Float32Array): number => Math.sqrt(sum(values, v => v * v));
const after = (layers: ReadonlyMap<string, ObservedAfter>): Record<string, ExpectedAfter> =>
  Object.fromEntries(
    [...layers].map(([name, layer]) => [
      name,
      {
        maskChanged: exactly(layer.maskChanged),
        kept: exactly(layer.kept),
        scoresL2: exactly(layer.scoresL2),
      },
    ]),
  );

/** The expected values that this observation meets without any error. */
export function expectationOf(observed: Observed): ParityCase["expected"] {
  const layers = [...observed.layers].map(([name, {kept, zeroWeights, alpha, effective, dScores}]) => {
    const dS = {l2: exactly(l2(dScores)), sum: exactly(sum(dScores)), relL2Noise: 0, samples: all(dScores)};
    const [weffSum, weffAbsSum] = [exactly(sum(effective)), exactly(sum(effective, Math.abs))];
    return [name, {kept, zeroWeights, alpha: exactly(alpha), weffSum, weffAbsSum, weff: all(effective), dS}];
  });
  const bn = [...observed.batchNormGradients].map(([name, {dGamma, dBeta}]) => {
    const [gamma, beta] = [dGamma ?? new Float32Array(), dBeta ?? new Float32Array()];
    const norms = {dGammaL2: exactly(l2(gamma)), dBetaL2: exactly(l2(beta))};
    return [name, {...norms, dGamma: all(gamma), dBeta: all(beta)}];
  });
  const statistics = [...observed.runningStatistics].map(([name, {mean, variance}]) => {
    const sums = {meanSum: exactly(sum(mean)), varSum: exactly(sum(variance))};
    return [name, {...sums, mean: all(mean), var: all(variance)}];
  });
  return {
    step0: {
      loss: exactly(observed.loss),
      logits: all(observed.logits),
      layers: Object.fromEntries(layers),
      bn: Object.fromEntries(bn),
    },
    runningStatsAfterStep1: Object.fromEntries(statistics),
    thresholds: {v: observed.thresholds, noise: 0},
    losses: {float64: observed.losses},
    afterUpdate1: after(observed.afterUpdate1),
    afterLast: {layers: after(observed.afterLast), evalLogits: all(observed.evalLogits)},
  };
}
