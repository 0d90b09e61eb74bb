import {join} from "node:path";
import type {Worker} from "node:worker_threads";
import {UserError} from "../core/errors";
import {workerThread} from "../system/workerThread";
import type {DecodeJob} from "./decodeBatch";
import type {DecodeAnswer, DecodeRequest} from "./decodeWorker";

interface Waiting {
  resolve(images: Float32Array): void;
  reject(error: Error): void;
}

/**
 * Threads that decode batches. A batch is one thread's work, so as many are under way as there are threads. An idle
 * pool does not keep the process alive.
 */
export class DecodePool {
  private readonly workers: {readonly thread: Worker; readonly waiting: Map<number, Waiting>}[] = [];
  private lastId = 0;

  private constructor(threads: number) {
    for (let i = 0; i < threads; i++) {
      const thread = workerThread(join(__dirname, "decodeWorker"));
      const waiting = new Map<number, Waiting>();
      thread.on("message", (answer: DecodeAnswer) => {
        const job = waiting.get(answer.id);
        waiting.delete(answer.id);
        if (waiting.size === 0 && this.workers.length > 0) thread.unref();
        if ("images" in answer) job?.resolve(answer.images);
        else
          job?.reject(
            answer.name === "UserError" ? new UserError(answer.message) : new Error(answer.message),
          );
      });
      const fail = (error: Error): void => {
        for (const job of waiting.values()) job.reject(error);
        waiting.clear();
      };
      thread.on("error", fail);
      thread.on("exit", () => fail(new Error("the thread that decodes pictures has ended")));
      thread.unref();
      this.workers.push({thread, waiting});
    }
  }

  static async start(threads: number): Promise<DecodePool> {
    try {
      // Its libraries must be loaded before any thread loads them, and stay until all have ended.
      await import("sharp");
    } catch (error) {
      const reason = (error as Error).message.split("\n")[0];
      throw new UserError(`pictures are decoded by the package sharp, which does not load here: ${reason}`);
    }
    return new DecodePool(threads);
  }

  /** The images of a job, decoded by the thread with least to do. */
  async decode(job: DecodeJob): Promise<Float32Array> {
    if (this.workers.length === 0) throw new Error("the source of these pictures has been closed");
    const {thread, waiting} = this.workers.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
    const id = ++this.lastId;
    const images = new Promise<Float32Array>((resolve, reject) => waiting.set(id, {resolve, reject}));
    thread.ref();
    thread.postMessage({id, job} satisfies DecodeRequest);
    return images;
  }

  /** Ends the threads, each after the pictures that it has under way. */
  async close(): Promise<void> {
    await Promise.all(
      this.workers.splice(0).map(({thread}) => {
        const ended = new Promise(resolve => thread.once("exit", resolve));
        thread.ref();
        thread.postMessage("close" satisfies DecodeRequest);
        return ended;
      }),
    );
  }
}
