// In a web page `loadKernels` is this one.
import {UserError} from "../../core/errors";
import {besideModule} from "./moduleAddress.browser";

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels, fetched from kernels.wasm beside browser.mjs. */
export function loadKernels(): Promise<WebAssembly.Module> {
  compiled ??= compileKernels();
  return compiled;
}

async function compileKernels(): Promise<WebAssembly.Module> {
  const address = besideModule("kernels.wasm");
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await WebAssembly.compile(await answer.arrayBuffer());
  } catch (error) {
    compiled = undefined;
    const reason = (error as Error).message;
    if (/Content.Security.Policy|unsafe-eval/i.test(reason)) {
      throw new UserError(
        "the page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src, or take the engine \"reference\"",
      );
    }
    throw new UserError(
      `cannot load the inference kernels from ${address} (${reason}): serve kernels.wasm there, or compile it and give it to createInference`,
    );
  }
}
