import * as tf from "@tensorflow/tfjs";
import {UserError} from "../../core/errors";
import {setReader} from "../readBack";
import {registerReluGradientFunction} from "../relu";
import type {GpuAdapter} from "./device";
import {DeviceFailures} from "./failure";
import {gpu, webgpuPackage} from "./packages";
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
 * webgpu) gives navigator.gpu; a browser has it. An adapter in software is refused unless asked for.
 */
export function loadWebgpu(softwareToo: boolean): Promise<AdapterName> {
  loaded ??= load(softwareToo);
  loaded.catch(() => {
    loaded = undefined;
  });
  return loaded;
}

async function load(softwareToo: boolean): Promise<AdapterName> {
  const adapter = await requestAdapter();
  const about = nameOf(adapter);
  if (about.software && !softwareToo) {
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
  const {WebGPUBackend} = webgpuPackage();
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
