import {createInference, type Inference} from "../inference";
import type {BinaryNetwork} from "../network";

/** To a thread: its network once, then batches. All arrays of a batch lie in memory that the threads share. */
export type PoolRequest =
  | {readonly kind: "network"; readonly network: BinaryNetwork; readonly kernels: WebAssembly.Module}
  | {
      readonly kind: "predict";
      readonly images: Float32Array;
      readonly logits: Float32Array;
      /** [0] is the first image that no thread has taken yet. */
      readonly next: Int32Array;
      readonly count: number;
    };

export type PoolAnswer = {readonly kind: "done"} | {readonly kind: "failed"; readonly message: string};

/** Images that a thread takes at a time. */
const SHARE = 8;

/** A thread's side: answers each request. Threads take images as they get to them, so a slow one holds up nobody. */
export function poolWorker(): (request: PoolRequest) => PoolAnswer {
  let inference: Inference | undefined;
  return request => {
    try {
      if (request.kind === "network") {
        inference = createInference(request.network, {kernels: request.kernels, onNotice: () => {}});
        return {kind: "done"};
      }
      const {images, logits, next, count} = request;
      const [size, classes] = [images.length / count, logits.length / count];
      for (let i = Atomics.add(next, 0, SHARE); i < count; i = Atomics.add(next, 0, SHARE)) {
        const now = Math.min(SHARE, count - i);
        logits.set(inference!.logits(images.subarray(i * size, (i + now) * size), now), i * classes);
      }
      return {kind: "done"};
    } catch (error) {
      return {kind: "failed", message: (error as Error).message};
    }
  };
}
