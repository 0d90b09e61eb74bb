import {precisions} from "../../core/precision";
import {oneOf, seed, whole} from "./kinds";
import type {Settings} from "./row";

export const budget: Pick<
  Settings,
  "epochs" | "batchSize" | "batchParts" | "seed" | "batchSeed" | "subset" | "interimTestImages" | "precision"
> = {
  epochs: {
    about: "times that the training images are gone through; 0 tests the start",
    flag: "--epochs <n>",
    kind: whole(0, {from: 1, to: 20, step: 1}),
    usual: {depends: "100; digits 15; random-mask 0 or 1", on: () => 100},
  },
  batchSize: {
    about: "images of an update",
    flag: "--batch-size <n>",
    kind: whole(1, {from: 16, to: 256, step: 16}),
    usual: {depends: "the architecture's"},
  },
  batchParts: {
    about: "parts that a batch is taken in, where memory is short",
    flag: "--batch-parts <n>",
    kind: whole(1, {from: 1, to: 8, step: 1}),
    absent: 1,
  },
  seed: {
    about: "of weights, scores and batches",
    flag: "--seed <n>",
    kind: seed,
    usual: 0,
  },
  batchSeed: {
    about: "of batches and augmentation alone",
    flag: "--batch-seed <n>",
    kind: seed,
    absent: {depends: "the seed"},
  },
  subset: {
    about: "training images used, by a fixed permutation",
    flag: "--subset <n>",
    kind: whole(1, {from: 500, to: 8000, step: 500}),
    absent: {depends: "all"},
  },
  interimTestImages: {
    about: "test images evaluated after each epoch but the last",
    flag: "--interim-test-images <n>",
    kind: whole(1, {from: 100, to: 2000, step: 100}),
    absent: {depends: "all"},
    idle: [{when: ({epochs}) => epochs <= 1, because: "the last epoch sees the whole test set"}],
  },
  precision: {
    about: "of convolutions and matrix products",
    flag: "--precision <name>",
    kind: oneOf("precision", precisions),
    usual: "float32",
    neutral: "float32",
  },
};
