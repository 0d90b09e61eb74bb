import {parentPort} from "node:worker_threads";
import sharp from "sharp";
import {type DecodeJob, decodeBatch} from "./decodeBatch";

export type DecodeRequest = {readonly id: number; readonly job: DecodeJob} | "close";

/** Answers each job with its images, or with what was wrong. */
export type DecodeAnswer =
  | {readonly id: number; readonly images: Float32Array}
  | {readonly id: number; readonly message: string; readonly name: string};

sharp.concurrency(1);
sharp.cache(false);
const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
const closing = new AbortController();
let jobs = 0;

/** A thread that is ended with a picture under way takes the process with it, so it ends itself after the last. */
function endWhenIdle(): void {
  if (closing.signal.aborted && jobs === 0) port?.close();
}

port.on("message", async (request: DecodeRequest) => {
  if (request === "close") {
    closing.abort();
    return endWhenIdle();
  }
  const {id, job} = request;
  jobs++;
  try {
    const images = await decodeBatch(sharp, job, closing.signal);
    port.postMessage({id, images} satisfies DecodeAnswer, [images.buffer as ArrayBuffer]);
  } catch (error) {
    const {message, name} = error as Error;
    port.postMessage({id, message, name} satisfies DecodeAnswer);
  } finally {
    jobs--;
    endWhenIdle();
  }
});
