import type {Ticket} from "../ticket/ticket";
import {createInference, type Engine, type Inference} from "./inference";
import {loadKernels} from "./wasm/loadKernels";

/**
 * A ticket ready to predict. The kernels are found by themselves: in Node in the package, in a web page as kernels.wasm
 * beside browser.mjs; `createInference` takes them from elsewhere. UserError where they are not there.
 */
export async function inferenceOf(ticket: Ticket, engine: Engine = "wasm"): Promise<Inference> {
  return createInference(ticket, {engine, ...(engine === "wasm" ? {kernels: await loadKernels()} : {})});
}
