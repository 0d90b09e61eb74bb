import * as os from "node:os";
import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import {registerConvolutions} from "./convolution";
import {registerNativeMaxPoolGradient} from "./maxPoolGradient";
import {registerMeanGradient} from "./meanGradient";
import {loadNative, NativeUnavailable} from "./native";
import {type Kernels, kernelsAsked, loadNativeOperations} from "./nativeOperations";
import {registerRelu, registerReluGradient} from "./relu";
import {startBackend} from "./startBackend";
import {loadWasm} from "./wasm";
import {loadWebgpu} from "./webgpu/load";

export type BackendName = "tensorflow" | "webgpu" | "wasm" | "cpu";
export const backendNames: readonly BackendName[] = ["tensorflow", "webgpu", "wasm", "cpu"];

/** What computes, as a record or checkpoint names it: two runs that agree here round alike. */
export interface BackendInfo {
  readonly backend: BackendName;
  /** Version of the library underneath. */
  readonly version: string;
  /** Threads that share a convolution; the sums' order, and so their rounding, may depend on it. */
  readonly threads: number;
  readonly kernels: Kernels;
  readonly device: "cpu" | "gpu";
  /** Why it is less than the machine could give: not the native backend though `auto` was asked for, or plain kernels. */
  readonly notice?: string;
}

let current: BackendInfo | undefined;

/**
 * Chooses and prepares the TensorFlow.js backend: `tensorflow` (native, set up by `npm run setup`), `wasm`, `cpu`
 * (plain JavaScript, slow), or `webgpu` (a GPU by the packages that docs/webgpu.md names; experimental). `auto`
 * takes the native one, else WebAssembly, and its `notice` says why. UserError for an unknown name,
 * NativeUnavailable where the native one is asked for by name and does not load. A backend that loads but does not
 * start is a UserError.
 */
export async function useBackend(name: BackendName | "auto"): Promise<BackendInfo> {
  if (name === "auto") {
    try {
      return await useBackend("tensorflow");
    } catch (error) {
      if (!(error instanceof NativeUnavailable)) throw error;
      const info = await useBackend("wasm").catch(second => {
        throw second instanceof UserError ? new UserError(`${error.message}; and ${second.message}`) : second;
      });
      current = {...info, notice: `${error.message}; computing in WebAssembly, several times slower`};
      return current;
    }
  }
  if (!backendNames.includes(name)) {
    throw new UserError(`unknown backend "${name}"; choose auto, ${backendNames.join(", ")}`);
  }
  const prepared = await prepare[name]();
  await startBackend(name);
  current = prepared;
  return current;
}

/** The backend in use. RangeError before `useBackend`. */
export function backendInfo(): BackendInfo {
  if (current === undefined) throw new RangeError('no backend is chosen yet: await useBackend("auto") first');
  return current;
}

const prepare: Record<BackendName, () => Promise<BackendInfo>> = {
  tensorflow: async () => {
    const {tensorflow, usesGpu} = loadNative();
    registerReluGradient();
    registerMeanGradient();
    const absent = usesGpu
      ? "a GPU computes, the project's kernels are for the processor"
      : loadNativeOperations();
    registerRelu();
    registerNativeMaxPoolGradient();
    if (!absent && kernelsAsked() === "winograd") registerConvolutions();
    const notice = absent && `${absent}; the plain compositions compute, slower`;
    const threads = Number(process.env.TF_NUM_INTRAOP_THREADS) || os.availableParallelism();
    return {
      backend: "tensorflow",
      version: tensorflow,
      kernels: absent ? "plain" : kernelsAsked(),
      threads,
      device: usesGpu ? "gpu" : "cpu",
      notice,
    };
  },
  webgpu: async () => {
    const {name, software} = await loadWebgpu(process.env.MULTIPRIZE_WEBGPU === "software");
    const device = software ? "cpu" : "gpu";
    const kernels = kernelsAsked() === "plain" ? "plain" : "fused";
    return {backend: "webgpu", version: `${tf.version_core} on ${name}`, kernels, threads: 1, device};
  },
  wasm: async () => {
    await loadWasm();
    return {backend: "wasm", version: tf.version_core, kernels: "plain", threads: 1, device: "cpu"};
  },
  cpu: async () => {
    // Its first use would advise, on standard error, the very backend that was not chosen.
    (tf.findBackend("cpu") as unknown as {firstUse: boolean}).firstUse = false;
    return {backend: "cpu", version: tf.version_core, kernels: "plain", threads: 1, device: "cpu"};
  },
};
