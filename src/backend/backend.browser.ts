// What computes in a web page: no native library, WebGPU where the browser has it.
import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import type {BackendInfo, BackendName} from "./backend";
import {startBackend} from "./startBackend";
import {loadWasm} from "./wasm";
import {loadWebgpu} from "./webgpu/load";

export type {BackendInfo, BackendName} from "./backend";

let current: BackendInfo | undefined;

/**
 * Chooses and prepares the backend: `webgpu`, `wasm` (its binaries beside the script) or `cpu`; `auto` takes WebGPU,
 * unless only in software, else WebAssembly, and its `notice` says why.
 */
export async function useBackend(name: BackendName | "auto", softwareToo = false): Promise<BackendInfo> {
  if (name === "auto") {
    try {
      return await useBackend("webgpu");
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const info = await useBackend("wasm");
      current = {...info, notice: `${error.message}; computing in WebAssembly`};
      return current;
    }
  }
  const ready = await prepared(name, softwareToo);
  await startBackend(name);
  current = ready;
  return current;
}

export function backendInfo(): BackendInfo {
  if (current === undefined) throw new RangeError('no backend is chosen yet: await useBackend("auto") first');
  return current;
}

async function prepared(name: BackendName, softwareToo: boolean): Promise<BackendInfo> {
  const plain = {version: tf.version_core, kernels: "plain", threads: 1, device: "cpu"} as const;
  switch (name) {
    case "webgpu": {
      const adapter = await loadWebgpu(softwareToo);
      const version = `${tf.version_core} on ${adapter.name}`;
      return {...plain, backend: name, version, kernels: "fused", device: adapter.software ? "cpu" : "gpu"};
    }
    case "wasm":
      await loadWasm();
      return {...plain, backend: name};
    case "cpu":
      return {...plain, backend: name};
    default:
      throw new UserError(`a web page has no backend "${name}"; choose auto, webgpu, wasm, cpu`);
  }
}
