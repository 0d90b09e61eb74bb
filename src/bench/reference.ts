import type {ArchitectureName} from "../network/architectures";
import type {Activation} from "../network/operations";

/** What the reference's numbers were measured with. */
export const referenceSetting: {readonly batch: number; readonly gemmGflops: number; readonly about: string} =
  {
    batch: 128,
    gemmGflops: 200,
    about: "chrundle/biprop f709fc5 as shipped, PyTorch 2.9.1, 2 cores, batch 128",
  };

/** Milliseconds a step of the authors' code. */
const stepMs: Readonly<Record<Activation, Partial<Record<ArchitectureName, number>>>> = {
  relu: {conv2: 975, conv4: 895, conv6: 1084, conv8: 1474, "vgg-small": 3299, "cifar-resnet18": 4436},
  sign: {conv6: 1456},
};

/** The reference's step, where it was measured at this batch size. */
export function referenceStepMs(
  arch: ArchitectureName,
  activation: Activation,
  batch: number,
): number | undefined {
  return batch === referenceSetting.batch ? stepMs[activation][arch] : undefined;
}

/**
 * How many times faster than the reference, were both on one machine: reference / stepMs · 200 / peakGflops. The
 * scaling takes the reference's time to shrink as the GEMM peak grows.
 */
export function scaledSpeedup(reference: number, stepMs: number, peakGflops: number): number {
  return ((reference / stepMs) * referenceSetting.gemmGflops) / peakGflops;
}
