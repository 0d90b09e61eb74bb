import type {ImageShape} from "../network/operations";
import {readRegularFile} from "../system/regularFile";

/** Whose first prediction, from which file: a ticket, or an ONNX model. */
export interface FirstCallJob {
  readonly engine: "wasm" | "onnxruntime-node";
  readonly file: string;
  readonly image: ImageShape;
}

/** Milliseconds of a process's first prediction, part by part. */
export interface FirstCall {
  /** The library, from its files. */
  readonly load: number;
  /** The ticket or model, read and decoded. */
  readonly read: number;
  /** The engine made of it: kernels, lists, a session. */
  readonly compile: number;
  /** One image. */
  readonly predict: number;
}

/** One image's first prediction in this process, which must not have loaded the engine yet. */
export async function firstCall({engine, file, image}: FirstCallJob): Promise<FirstCall> {
  const x = new Float32Array(image[0] * image[1] * image[2]).map((_, i) => Math.sin(i * i));
  const times = [performance.now()];
  const done = (): void => void times.push(performance.now());
  if (engine === "wasm") {
    const {inferenceOf, readTicket} = await import("../entries/infer");
    done();
    const ticket = readTicket(file);
    done();
    const {logits} = await inferenceOf(ticket);
    done();
    logits(x, 1);
  } else {
    const {onnxRuntime} = await import("./onnxRuntime");
    const runtime = (await onnxRuntime(engine))!;
    done();
    const bytes = readRegularFile(file);
    done();
    const {run} = await runtime.load(bytes, image);
    done();
    await run(x, 1);
  }
  done();
  const [load, read, compile, predict] = times.slice(1).map((time, i) => time - times[i]);
  return {load, read, compile, predict};
}
