import * as tf from "@tensorflow/tfjs";

type Reader = (tensors: readonly tf.Tensor[]) => Promise<void>;
let reader: Reader | undefined;
let checks: DeferredCheck[] = [];

/** Numbers on the device that must be as they should, and what throws where they are not. The tensor is disposed of. */
export interface DeferredCheck {
  readonly tensor: tf.Tensor;
  verify(values: tf.TypedArray): void;
}

/** How a backend whose data only comes in a promise copies tensors to the host. */
export function setReader(read: Reader): void {
  reader = read;
}

/** Has a check made when numbers are next read back: until then what they spoil goes on. */
export function checkLater(check: DeferredCheck): void {
  checks.push(check);
}

/**
 * Makes the numbers of tensors ready for `dataSync`, until they are written again. Where they always are it does
 * nothing; WebGPU waits for the device here, and only here, and throws what it has reported.
 */
export async function readBack(tensors: readonly tf.Tensor[]): Promise<void> {
  if (reader === undefined || tf.getBackend() !== "webgpu") return;
  const due = checks;
  checks = [];
  try {
    await reader([...tensors, ...due.map(({tensor}) => tensor)]);
    for (const {tensor, verify} of due) verify(tensor.dataSync());
  } finally {
    tf.dispose(due.map(({tensor}) => tensor));
  }
}
