import {availableParallelism} from "node:os";
import {join} from "node:path";
import {workerThread} from "../../system/workerThread";
import type {Ticket} from "../../ticket/ticket";
import {loadKernels} from "../wasm/loadKernels";
import {checkThreads, type InferencePool, type PoolThread, poolOf} from "./pool";
import type {PoolAnswer} from "./poolJob";

/** A ticket on several threads of Node; as many as the machine has by default. Close it when done. */
export async function inferencePool(
  ticket: Ticket,
  threads: number = availableParallelism(),
): Promise<InferencePool> {
  checkThreads(threads);
  const kernels = await loadKernels();
  return poolOf(
    ticket,
    kernels,
    Array.from({length: threads}, () => nodeThread()),
  );
}

function nodeThread(): PoolThread {
  const worker = workerThread(join(__dirname, "poolThread"));
  worker.unref();
  return {
    ask: request =>
      new Promise<PoolAnswer>((resolve, reject) => {
        const ended = (): void => reject(new Error("a thread of the pool has ended"));
        const settled = (): void => {
          worker.off("message", answered).off("error", failed).off("exit", ended);
          worker.unref();
        };
        const answered = (answer: PoolAnswer): void => {
          settled();
          resolve(answer);
        };
        const failed = (error: Error): void => {
          settled();
          reject(error);
        };
        worker.ref();
        worker.once("message", answered).once("error", failed).once("exit", ended);
        worker.postMessage(request);
      }),
    end: () => worker.terminate(),
  };
}
