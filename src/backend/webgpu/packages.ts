import {readFileSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../../core/errors";
import {root} from "../../system/root";
import type {Gpu, WebgpuBackend} from "./device";

export interface WebgpuPackage {
  readonly WebGPUBackend: new (device: object, info: object) => WebgpuBackend;
}

/** The entry to WebGPU: Dawn's, put where TensorFlow.js looks for a browser's. */
export function gpu(): Gpu {
  const scope = globalThis as unknown as {navigator?: {gpu?: Gpu}};
  if (scope.navigator?.gpu) return scope.navigator.gpu;
  const {create, globals} = packaged<{create(options: string[]): Gpu; globals: object}>("webgpu", () =>
    require("webgpu"),
  );
  Object.assign(globalThis, globals);
  // Node 20 has no navigator, 21 and later one that cannot be assigned to.
  const navigator = Object.create(scope.navigator ?? null, {gpu: {value: create([])}});
  Object.defineProperty(globalThis, "navigator", {value: navigator, configurable: true, writable: true});
  return navigator.gpu;
}

/** TensorFlow.js's backend; to be loaded once there is a navigator.gpu. */
export function webgpuPackage(): WebgpuPackage {
  return packaged("@tensorflow/tfjs-backend-webgpu", () => require("@tensorflow/tfjs-backend-webgpu"));
}

/** Large, and so installed by those who want them. */
function packaged<T>(name: string, load: () => unknown): T {
  try {
    return load() as T;
  } catch (error) {
    const {code, message} = error as {code?: string; message: string};
    if (code !== "MODULE_NOT_FOUND") throw new UserError(`${name} does not load: ${message.split("\n")[0]}`);
    const {peerDependencies} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const wanted = Object.entries(peerDependencies as Record<string, string>);
    const packages = wanted.map(([each, version]) => `${each}@${version}`).join(" ");
    throw new UserError(
      `the backend webgpu is not installed: npm install --no-save --save-optional ${packages}`,
    );
  }
}
