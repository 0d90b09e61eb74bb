import {entropyBytes} from "../../src/experiments/records/maskFacts";
import {type DoneRecord, type LayerRecord, RECORD_FORMAT} from "../../src/experiments/records/record";
import {specId} from "../../src/experiments/records/specId";
import {searchSpec} from "../../src/search/defaults";

const layer: LayerRecord = {
  name: "conv1",
  weights: 10,
  kept: 2,
  gain: 0.1,
  scoreStep: 0.01,
  newInMask: 0.5,
  sketch: "00ff",
};

/** A whole record of made-up results, which agree with each other. */
export function someRecord(
  given: Parameters<typeof searchSpec>[0],
  results: Partial<DoneRecord> = {},
  dataName = "cifar10",
): DoneRecord {
  const spec = searchSpec(given);
  const {testAccuracy = 11, layers = [layer]} = results;
  const sum = (of: (each: LayerRecord) => number): number =>
    layers.reduce((total, each) => total + of(each), 0);
  return {
    format: RECORD_FORMAT,
    specId: specId({dataset: "cifar10", spec}),
    dataset: "cifar10",
    spec,
    data: {name: dataName, trainImages: 50_000, testImages: 10_000},
    machine: {
      backend: "tensorflow",
      version: "2",
      kernels: "fused",
      threads: 2,
      device: "cpu",
      precision: "float32",
      cpu: "a processor",
      oneDnn: true,
    },
    provenance: {commit: "0123abc", dirty: false, version: "0.1.0", host: "here", node: "v20"},
    finished: "2026-01-02T03:04:05.678Z",
    outcome: "done",
    epochs: Array.from({length: spec.epochs}, (_, i) => ({
      epoch: i + 1,
      loss: 2.3,
      trainAccuracy: 10,
      testAccuracy,
      testImages: 10_000,
      imagesPerSecond: 99,
    })),
    testAccuracy,
    bestTestAccuracy: testAccuracy,
    weights: sum(each => each.weights),
    kept: sum(each => each.kept),
    layers,
    maskEntropyBytes: sum(each => entropyBytes(each.weights, each.kept)),
    masksSha256: "0".repeat(64),
    scoresSha256: "1".repeat(64),
    weightsSha256: "2".repeat(64),
    kernelPlan: {},
    seconds: 1.5,
    ...results,
  };
}
