import type {Ticket} from "../../ticket/ticket";
import {checkThreads, type InferencePool, type PoolThread, poolOf} from "./pool";
import type {PoolAnswer} from "./poolJob";

export interface BrowserPoolOptions {
  readonly kernels: WebAssembly.Module;
  /** Address of thread.mjs. */
  readonly thread: string | URL;
  readonly threads?: number;
}

/**
 * A ticket on several workers of a page. They share memory, which a browser allows to pages that are served with the
 * headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.
 */
export async function inferencePool(
  ticket: Ticket,
  {kernels, thread, threads = navigator.hardwareConcurrency}: BrowserPoolOptions,
): Promise<InferencePool> {
  checkThreads(threads);
  if (!globalThis.crossOriginIsolated)
    throw new Error("this page may not share memory between workers: it is not cross-origin isolated");
  return poolOf(
    ticket,
    kernels,
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
