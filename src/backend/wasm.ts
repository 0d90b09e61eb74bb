import * as wasm from "@tensorflow/tfjs-backend-wasm";
import {registerConv2dFilterGradient} from "./conv2dFilterGradient";
import {registerExactSign} from "./exactSign";
import {registerMaxPoolGradient} from "./maxPoolGradient";
import {registerSamePadding} from "./samePadding";
import {wasmFolder} from "./wasmFolder";

let loaded = false;

/**
 * Registers the WebAssembly backend, with the kernels that training needs and
 * it lacks or gets wrong.
 */
export async function loadWasm(): Promise<void> {
  if (loaded) return;
  wasm.setWasmPaths(wasmFolder());
  registerConv2dFilterGradient("wasm");
  registerExactSign("wasm");
  registerMaxPoolGradient("wasm");
  registerSamePadding("wasm");
  loaded = true;
}
