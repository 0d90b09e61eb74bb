// In a web page `inferencePool` is this one.
import {UserError} from "../../core/errors";
import type {Ticket} from "../../ticket/ticket";
import {loadKernels} from "../wasm/loadKernels";
import {besideModule} from "../wasm/moduleAddress.browser";
import {checkThreads, type InferencePool, type PoolFiles, type PoolThread, poolOf} from "./pool";
import type {PoolAnswer} from "./poolJob";

export async function inferencePool(
  ticket: Ticket,
  threads: number = navigator.hardwareConcurrency,
  {kernels, thread = besideModule("thread.mjs")}: PoolFiles = {},
): Promise<InferencePool> {
  checkThreads(threads);
  if (!globalThis.crossOriginIsolated)
    throw new UserError("this page may not share memory between workers: it is not cross-origin isolated");
  return poolOf(
    ticket,
    kernels ?? (await loadKernels()),
    Array.from({length: threads}, () => pageThread(thread)),
  );
}

function pageThread(address: string | URL): PoolThread {
  const worker = new Worker(address, {type: "module"});
  return {
    ask: request =>
      new Promise<PoolAnswer>((resolve, reject) => {
        worker.onmessage = ({data}: MessageEvent<PoolAnswer>) => resolve(data);
        worker.onerror = ({message}) => reject(new Error(message || "a worker of the pool did not start"));
        worker.postMessage(request);
      }),
    end: async () => worker.terminate(),
  };
}
