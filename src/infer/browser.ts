// What a page needs to run a ticket, bundled by set-up into dist/infer/browser.mjs; kernels.wasm lies beside it:
//   const kernels = await WebAssembly.compileStreaming(fetch("kernels.wasm"));
//   const ticket = decodeTicket(new Uint8Array(await (await fetch("digits.mpt")).arrayBuffer()));
//   createInference(ticket, {kernels}).logits(images, count);
export {decodeTicket} from "../ticket/decode";
export {maskOf, type Ticket} from "../ticket/ticket";
export {createInference, type Engine, type Inference, type InferenceOptions} from "./inference";
export {type BrowserPoolOptions, inferencePool} from "./threads/browserPool";
export type {InferencePool} from "./threads/pool";
