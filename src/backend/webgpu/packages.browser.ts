import {UserError} from "../../core/errors";
import type {Gpu} from "./device";
import type {WebgpuPackage} from "./packages";

/** The browser's own. */
export function gpu(): Gpu {
  const {gpu: own} = navigator as unknown as {gpu?: Gpu};
  if (own) return own;
  throw new UserError("this browser has no WebGPU, or the page is no secure context");
}

/** TensorFlow.js's backend, if it was there when the page's script was bundled. */
export function webgpuPackage(): WebgpuPackage {
  try {
    return require("@tensorflow/tfjs-backend-webgpu");
  } catch {
    throw new UserError("this page was bundled without WebGPU");
  }
}
