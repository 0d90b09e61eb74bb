import assert from "node:assert/strict";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {searchSpec} from "../../src/search/defaults";
import type {SearchSpec} from "../../src/search/spec";

type Row = [Parameters<typeof searchSpec>[0], Partial<SearchSpec>];

const sgd = (weightDecay: number): SearchSpec["optimizer"] => ({name: "sgd", momentum: 0.9, weightDecay});
const adam: SearchSpec["optimizer"] = {name: "adam"};
const heavySgd: SearchSpec["optimizer"] = {name: "sgd", momentum: 0.875, weightDecay: 3.0517578125e-5};
const imagenet: Partial<SearchSpec> = {
  learningRate: 0.256,
  batchSize: 256,
  schedule: {name: "cosine", warmupEpochs: 5},
  labelSmoothing: 0.1,
};

/** The configurations of chrundle/biprop f709fc5. */
const reference: Row[] = [
  [{arch: "conv2"}, {optimizer: sgd(1e-4), learningRate: 0.1, batchSize: 128}],
  [
    {arch: "conv8", activation: "sign"},
    {optimizer: adam, learningRate: 0.1, batchSize: 128},
  ],
  [
    {arch: "conv4", method: "dense"},
    {optimizer: sgd(1e-4), learningRate: 0.01, batchSize: 128, fan: "none"},
  ],
  [{arch: "vgg-small"}, {optimizer: adam, learningRate: 0.1, batchSize: 128}],
  [
    {arch: "vgg-small", activation: "sign"},
    {optimizer: adam, learningRate: 2e-4, batchSize: 128},
  ],
  [
    {arch: "vgg-small-bn", activation: "sign", width: 1.25},
    {optimizer: adam, learningRate: 0.1, width: 1.25},
  ],
  [
    {arch: "vgg-small-bn", activation: "sign", batchNorm: "learned"},
    {optimizer: adam, learningRate: 2e-4},
  ],
  [{arch: "cifar-resnet18"}, {optimizer: sgd(5e-4), learningRate: 0.1, batchSize: 256}],
  [
    {arch: "cifar-resnet18", activation: "sign"},
    {optimizer: adam, learningRate: 0.1, batchSize: 256},
  ],
  [
    {arch: "cifar-resnet18", method: "dense"},
    {optimizer: sgd(5e-4), batchNorm: "learned", keepFraction: 1},
  ],
  [{arch: "resnet50"}, {...imagenet, optimizer: heavySgd, fan: "pruned"}],
  [{arch: "resnet18"}, {...imagenet, optimizer: heavySgd, fan: "none"}],
  [
    {arch: "wide-resnet34", activation: "sign"},
    {...imagenet, optimizer: adam, fan: "pruned"},
  ],
  [{arch: "wide-resnet50"}, {...imagenet, optimizer: heavySgd, fan: "none", learningRate: 0.128}],
  [
    {arch: "resnet50", method: "dense"},
    {...imagenet, optimizer: heavySgd, batchNorm: "learned"},
  ],
];

test("an architecture and activation bring the reference's optimiser, rate and batch size", () => {
  for (const [given, expected] of reference) {
    const spec = searchSpec(given);
    const picked = Object.fromEntries(Object.keys(expected).map(key => [key, spec[key as keyof SearchSpec]]));
    assert.deepEqual(picked, expected, JSON.stringify(given));
  }
});

test("the usual search is 100 epochs of cosine on Kaiming normal weights scaled by 1−k", () => {
  const {epochs, schedule, weights, fan, scores, gain, batchNorm} = searchSpec({arch: "conv6"});
  assert.deepEqual(
    {epochs, schedule, weights, fan, scores, gain, batchNorm},
    {
      epochs: 100,
      schedule: {name: "cosine"},
      weights: "kaiming-normal",
      fan: "pruned",
      scores: "uniform",
      gain: "mean-kept",
      batchNorm: "none",
    },
  );
});

test("ImageNet's five epochs of warm-up shrink to half of a search that is too short for them", () => {
  const warmups = [1, 4, 10, 100].map(epochs => searchSpec({arch: "resnet18", epochs}).schedule);
  assert.deepEqual(
    warmups,
    [0, 2, 5, 5].map(warmupEpochs => ({name: "cosine", warmupEpochs})),
  );
});

test("what is given wins over the default, undefined does not", () => {
  const spec = searchSpec({arch: "conv2", learningRate: 0.5, batchSize: undefined});
  assert.equal(spec.learningRate, 0.5);
  assert.equal(spec.batchSize, 128);
});

test("what is wrong is refused in one line that names the valid choices", () => {
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{arch: "conv3"}, /unknown architecture "conv3" .*; choose digits, conv2/],
    [{activation: "tanh"}, /choose relu, sign/],
    [{method: "magic"}, /choose biprop, edge-popup, random-mask, dense/],
    [{batchNorm: "some"}, /choose none, frozen, learned, bias/],
    [{precision: "float16"}, /choose float32, bfloat16, bfloat16-throughout/],
    [{keepfraction: 0.2}, /no "keepfraction" \(did you mean keepFraction\?\); it has arch, activation/],
    [{gain: "nope"}, /unknown gain rule "nope" .*; choose mean-kept/],
    [{seed: -1}, /seed must be a whole number from 0/],
    [{subset: 0}, /subset must be a whole number of at least 1/],
    [{keepFraction: 0}, /share above 0 and at most 1, got 0/],
    [{keepFraction: 1.5}, /share above 0 and at most 1, got 1.5/],
    [{keepFraction: 1}, /choose fan kept or none/],
    [{method: "dense", keepFraction: 0.5}, /dense training keeps every weight/],
    [{epochs: 2.5}, /epochs must be a whole number/],
    [{batchSize: 0}, /batchSize must be a whole number of at least 1/],
    [{optimizer: {name: "adam", momentum: 0.9}}, /adam takes no momentum: .* choose optimizer sgd/],
    [{optimizer: {name: "adam", nesterov: true}}, /adam takes no nesterov/],
    [{tuneBatchNorm: true}, /needs batch norm learned or bias/],
    [{schedule: {name: "multistep", milestones: [3, 1]}}, /rising order/],
  ];
  for (const [given, pattern] of wrong) {
    assert.throws(
      () => searchSpec({arch: "conv2", ...given} as Parameters<typeof searchSpec>[0]),
      (error: unknown) =>
        error instanceof UserError && pattern.test(error.message) && !error.message.includes("\n"),
      JSON.stringify(given),
    );
  }
});
