import {readFileSync} from "node:fs";
import {join} from "node:path";
import * as tf from "@tensorflow/tfjs";
import {UserError} from "../../core/errors";
import {root} from "../../system/root";
import {setReader} from "../readBack";
import {registerReluGradientFunction} from "../reluGradient";
import type {Gpu, GpuAdapter, WebgpuBackend} from "./device";
import {DeviceFailures} from "./failure";
import {readTogether, refuseSynchronousReads} from "./read";
import {registerWebgpuOperations} from "./register";

/** An adapter as records name it, and whether it only imitates a GPU on the processor. */
export interface AdapterName {
  readonly name: string;
  readonly software: boolean;
}

let loaded: Promise<AdapterName> | undefined;

/**
 * Registers the backend "webgpu" on the machine's first adapter, with the project's operations. In Node, Dawn (npm's
 * webgpu) gives navigator.gpu; a browser has it. An adapter in software is refused unless MULTIPRIZE_WEBGPU=software.
 */
export function loadWebgpu(): Promise<AdapterName> {
  loaded ??= load();
  loaded.catch(() => {
    loaded = undefined;
  });
  return loaded;
}

async function load(): Promise<AdapterName> {
  const adapter = await requestAdapter();
  const about = nameOf(adapter);
  if (about.software && process.env.MULTIPRIZE_WEBGPU !== "software") {
    throw new UserError(
      `the only WebGPU adapter is ${about.name}, which computes on the processor, slower than --backend wasm; ` +
        "MULTIPRIZE_WEBGPU=software takes it nevertheless",
    );
  }
  await register(adapter, about);
  return about;
}

/** The machine's adapter, or the reason in one line why there is none. */
export async function requestAdapter(): Promise<GpuAdapter> {
  const adapter = await gpu().requestAdapter({powerPreference: "high-performance"});
  if (adapter) return adapter;
  throw new UserError(
    "WebGPU finds no adapter: it needs a GPU and its driver (on Linux a Vulkan driver and libvulkan1); " +
      "choose another --backend",
  );
}

/** Vendor, architecture, device and driver, as far as they are told. */
export function nameOf(adapter: GpuAdapter): AdapterName {
  const {vendor, architecture, device, description, isFallbackAdapter} = adapter.info;
  const name = [vendor, architecture, device, description].filter(Boolean).join(" ") || "of no name";
  return {name, software: isFallbackAdapter ?? adapter.isFallbackAdapter ?? false};
}

function gpu(): Gpu {
  const scope = globalThis as unknown as {navigator?: {gpu?: Gpu}};
  if (scope.navigator?.gpu) return scope.navigator.gpu;
  if (typeof process === "undefined" || !process.versions?.node) {
    throw new UserError("this browser has no WebGPU, or the page is no secure context");
  }
  const {create, globals} = packaged<{create(options: string[]): Gpu; globals: object}>("webgpu");
  Object.assign(globalThis, globals);
  // Node 20 has no navigator, 21 and later one that cannot be assigned to.
  const navigator = Object.create(scope.navigator ?? null, {gpu: {value: create([])}});
  Object.defineProperty(globalThis, "navigator", {value: navigator, configurable: true, writable: true});
  return navigator.gpu;
}

function packaged<T>(name: "webgpu" | "@tensorflow/tfjs-backend-webgpu"): T {
  try {
    return (name === "webgpu" ? require("webgpu") : require("@tensorflow/tfjs-backend-webgpu")) as T;
  } catch (error) {
    const {code, message} = error as {code?: string; message: string};
    if (code !== "MODULE_NOT_FOUND") throw new UserError(`${name} does not load: ${message.split("\n")[0]}`);
    throw new UserError(`the backend webgpu is not installed: npm install --no-save ${packagesToInstall()}`);
  }
}

/** Large, and so installed by those who want them. */
function packagesToInstall(): string {
  const {peerDependencies} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.entries(peerDependencies as Record<string, string>)
    .map(([name, version]) => `${name}@${version}`)
    .join(" ");
}

const LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

async function register(adapter: GpuAdapter, {name}: AdapterName): Promise<void> {
  // The package looks for navigator.gpu when it is loaded; its own backend would hide the device's errors.
  const {WebGPUBackend} = packaged<{WebGPUBackend: new (device: object, info: object) => WebgpuBackend}>(
    "@tensorflow/tfjs-backend-webgpu",
  );
  const device = await adapter.requestDevice({
    requiredFeatures: ["timestamp-query"].filter(feature => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map(limit => [limit, adapter.limits[limit]])),
  });
  const failures = new DeviceFailures(device, name);
  const backend = new WebGPUBackend(device, adapter.info);
  refuseSynchronousReads(backend);
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => backend);
  registerWebgpuOperations();
  registerReluGradientFunction();
  setReader(tensors => readTogether(backend, failures, tensors));
}
