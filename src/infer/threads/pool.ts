import {UserError} from "../../core/errors";
import type {Ticket} from "../../ticket/ticket";
import {lookOnce} from "../inference";
import {checkImages, networkOfTicket} from "../network";
import type {PoolAnswer, PoolRequest} from "./poolJob";

/** A thread as the pool sees it: one answer a request. */
export interface PoolThread {
  readonly ask: (request: PoolRequest) => Promise<PoolAnswer>;
  readonly end: () => Promise<unknown>;
}

/** A ticket on several threads, which share the images of a batch. The same logits as on one. */
export interface InferencePool {
  readonly threads: number;
  /** Logits [count, classes] of normalised images [count, h, w, c]; calls are answered one after the other. */
  logits(images: Float32Array, count: number): Promise<Float32Array>;
  /** Ends the threads, after what was asked for before; `logits` then rejects. */
  close(): Promise<void>;
}

/** What a pool's threads are made of, where it does not lie where set-up puts it. */
export interface PoolFiles {
  /** kernels.wasm, compiled. */
  readonly kernels?: WebAssembly.Module;
  /** Address of a web worker's module, thread.mjs; Node takes its own. */
  readonly thread?: string | URL;
}

/** Gives every thread the network; each holds its own kernels and lists. */
export async function poolOf(
  ticket: Ticket,
  kernels: WebAssembly.Module,
  threads: readonly PoolThread[],
): Promise<InferencePool> {
  const network = networkOfTicket(ticket);
  const {classes} = ticket.network;
  const askAll = async (request: PoolRequest): Promise<void> => {
    const answers = await Promise.all(threads.map(thread => thread.ask(request)));
    for (const answer of answers) if (answer.kind === "failed") throw new Error(answer.message);
  };
  let busy = askAll({kind: "network", network, kernels});
  await busy;
  const looking = lookOnce(console.warn);
  let closed = false;
  return {
    threads: threads.length,
    logits: async (images, count) => {
      if (closed) throw new UserError("the pool is closed: make another with inferencePool");
      checkImages(network, images, count);
      looking(images);
      const shared = {
        images: new Float32Array(new SharedArrayBuffer(images.byteLength)),
        logits: new Float32Array(new SharedArrayBuffer(4 * count * classes)),
        next: new Int32Array(new SharedArrayBuffer(4)),
      };
      shared.images.set(images);
      const before = busy;
      const mine = (async () => {
        await before.catch(() => {});
        await askAll({kind: "predict", count, ...shared});
      })();
      busy = mine;
      await mine;
      return shared.logits.slice();
    },
    close: async () => {
      closed = true;
      await busy.catch(() => {});
      await Promise.all(threads.map(thread => thread.end()));
    },
  };
}

export function checkThreads(threads: number): void {
  if (!Number.isInteger(threads) || threads < 1)
    throw new UserError(`threads must be a whole number from 1 on; got ${threads}`);
}
