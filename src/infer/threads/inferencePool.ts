import {availableParallelism} from "node:os";
import {join} from "node:path";
import {UserError} from "../../core/errors";
import {workerThread} from "../../system/workerThread";
import type {Ticket} from "../../ticket/ticket";
import {loadKernels} from "../wasm/loadKernels";
import {checkThreads, type InferencePool, type PoolFiles, type PoolThread, poolOf} from "./pool";
import type {PoolAnswer} from "./poolJob";

/**
 * A ticket on several threads, as many as the machine has by default; the same logits as on one. Close it when done. In
 * a web page they share memory, which a browser allows to pages that are served with the headers
 * Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp. UserError where that, the
 * kernels or the number of threads is not right.
 */
export async function inferencePool(
  ticket: Ticket,
  threads: number = availableParallelism(),
  {kernels, thread}: PoolFiles = {},
): Promise<InferencePool> {
  checkThreads(threads);
  if (thread !== undefined) throw new UserError("thread is for web pages: Node takes the package's own");
  return poolOf(
    ticket,
    kernels ?? (await loadKernels()),
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
