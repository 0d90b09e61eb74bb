import {dirname, join, sep} from "node:path";
import * as wasm from "@tensorflow/tfjs-backend-wasm";
import {registerConv2dFilterGradient} from "./conv2dFilterGradient";
import {registerExactSign} from "./exactSign";
import {registerMaxPoolGradient} from "./maxPoolGradient";
import {registerSamePadding} from "./samePadding";

let loaded = false;

/**
 * Registers the WebAssembly backend, its binaries taken from node_modules, with the kernels that training needs and
 * it lacks or gets wrong.
 */
export async function loadWasm(): Promise<void> {
  if (loaded) return;
  const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  wasm.setWasmPaths(join(folder, "dist") + sep);
  registerConv2dFilterGradient("wasm");
  registerExactSign("wasm");
  registerMaxPoolGradient("wasm");
  registerSamePadding("wasm");
  loaded = true;
}
