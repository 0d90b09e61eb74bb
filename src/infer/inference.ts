import {UserError} from "../core/errors";
import type {Ticket} from "../ticket/ticket";
import {type BinaryNetwork, checkImages, networkOfTicket, notNormalised} from "./network";
import {referenceLogits} from "./reference";
import {Machine} from "./wasm/kernels";
import {WasmInference} from "./wasm/wasmInference";

/** `wasm`: bits and sign-split sums on WebAssembly SIMD. `reference`: the definition, one number at a time. */
export type Engine = "wasm" | "reference";
export const engines: readonly Engine[] = ["wasm", "reference"];

/** A ticket ready to predict. Needs no TensorFlow; the same results to the last bit in Node and in every browser. */
export interface Inference {
  readonly engine: Engine;
  /** [height, width, channels] of an image. */
  readonly image: readonly [number, number, number];
  /**
   * Logits [count, classes] of `count` images [count, height, width, channels], normalised as in training
   * ((pixel/255 − mean)/sd a channel): what `inputOf` makes of pictures. UserError for anything but that many finite
   * values; values that are plainly no normalised pixels give a notice, once.
   */
  logits(images: Float32Array, count: number): Float32Array;
}

/** Which engine, and what it needs. */
export interface InferenceOptions {
  readonly engine?: Engine;
  /** The compiled kernels, dist/infer/kernels.wasm; the reference does without. */
  readonly kernels?: WebAssembly.Module;
  /** Called with what is odd about the images; a warning on the console unless given. */
  readonly onNotice?: (notice: string) => void;
}

/**
 * The engine for a network given as data. `inferenceOf` does the same for a ticket and finds the kernels itself.
 * UserError for an unknown engine, and for the wasm engine without kernels.
 */
export function createInference(
  source: Ticket | BinaryNetwork,
  {engine = "wasm", kernels, onNotice = console.warn}: InferenceOptions = {},
): Inference {
  const network =
    typeof source === "object" && source !== null && "operations" in source
      ? source
      : networkOfTicket(source);
  const {image} = network;
  if (!engines.includes(engine))
    throw new UserError(`unknown engine "${engine}"; choose ${engines.join(" or ")}`);
  const looking = lookOnce(onNotice);
  const run = engine === "reference" ? referenceRun(network) : wasmRun(network, kernels);
  return {
    engine,
    image,
    logits: (images, count) => {
      checkImages(network, images, count);
      looking(images);
      return run(images, count);
    },
  };
}

type Run = Inference["logits"];

function wasmRun(network: BinaryNetwork, kernels: WebAssembly.Module | undefined): Run {
  if (kernels === undefined)
    throw new UserError("the wasm engine needs its kernels, dist/infer/kernels.wasm compiled");
  const compiled = new WasmInference(new Machine(kernels), network);
  return (images, count) => compiled.run(images, count);
}

/** Looks at the first images alone: who scales them wrongly does so from the start, and a look costs a pass over them. */
export function lookOnce(onNotice: (notice: string) => void): (images: Float32Array) => void {
  let looked = false;
  return images => {
    if (looked) return;
    looked = true;
    const notice = notNormalised(images);
    if (notice) onNotice(notice);
  };
}

function referenceRun(network: BinaryNetwork): Run {
  return (images, count) => {
    const size = images.length / count;
    const logits = Array.from({length: count}, (_, i) =>
      referenceLogits(network, images.slice(i * size, (i + 1) * size)),
    );
    return Float32Array.from(logits.flatMap(one => [...one]));
  };
}
