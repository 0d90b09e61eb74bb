import {dirname, join, sep} from "node:path";

/** Where the WebAssembly backend's binaries lie: in its package. */
export function wasmFolder(): string {
  const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  return join(folder, "dist") + sep;
}
