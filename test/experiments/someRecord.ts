import {type DoneRecord, RECORD_FORMAT} from "../../src/experiments/records/record";
import {specId} from "../../src/experiments/records/specId";
import {searchSpec} from "../../src/search/defaults";

/** A whole record of made-up results. */
export function someRecord(
  given: Parameters<typeof searchSpec>[0],
  results: Partial<DoneRecord> = {},
  dataName = "cifar10",
): DoneRecord {
  const spec = searchSpec(given);
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
    epochs: [
      {epoch: 1, loss: 2.3, trainAccuracy: 10, testAccuracy: 11, testImages: 10_000, imagesPerSecond: 99},
    ],
    testAccuracy: 11,
    bestTestAccuracy: 11,
    weights: 10,
    kept: 2,
    layers: [
      {name: "conv1", weights: 10, kept: 2, gain: 0.1, scoreStep: 0.01, newInMask: 0.5, sketch: "00ff"},
    ],
    maskEntropyBytes: 0.9,
    masksSha256: "0".repeat(64),
    scoresSha256: "1".repeat(64),
    weightsSha256: "2".repeat(64),
    kernelPlan: {},
    seconds: 1.5,
    ...results,
  };
}
