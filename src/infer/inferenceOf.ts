import type {Ticket} from "../ticket/ticket";
import {createInference, type Engine, type Inference} from "./inference";
import {loadKernels} from "./wasm/loadKernels";

/** A ticket ready to predict, in Node. In a browser: `createInference` with kernels fetched and compiled there. */
export async function inferenceOf(ticket: Ticket, engine: Engine = "wasm"): Promise<Inference> {
  return createInference(ticket, {engine, ...(engine === "wasm" ? {kernels: await loadKernels()} : {})});
}
