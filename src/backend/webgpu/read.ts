import * as tf from "@tensorflow/tfjs";
import {UserError} from "../../core/errors";
import {type GpuBuffer, MAP_READ, usage, type WebgpuBackend} from "./device";
import type {DeviceFailures} from "./failure";

/**
 * Copies tensors to the host in one transfer; `dataSync` answers from the copy until they are written again. Waits for
 * all that is queued, and throws what the device has reported.
 */
export async function readTogether(
  backend: WebgpuBackend,
  failures: DeviceFailures,
  tensors: readonly tf.Tensor[],
): Promise<void> {
  const ids = new Set(tensors.map(({dataId}) => dataId));
  const wanted = [...ids].flatMap(id => {
    const data = backend.tensorMap.get(id);
    return data.resource && data.values == null ? [data] : [];
  });
  failures.check();
  if (wanted.length === 0) return;
  // Its own copies of buffers that the pool may hand out again before the device is through.
  const buffers = wanted.map(({resource}) => resource as GpuBuffer);
  const bytes = buffers.reduce((sum, {size}) => sum + size, 0);
  const staging = backend.bufferManager.acquireBuffer(bytes, usage.copyDst | usage.mapRead);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  let at = 0;
  for (const buffer of buffers) {
    backend.commandEncoder!.copyBufferToBuffer(buffer, 0, staging, at, buffer.size);
    at += buffer.size;
  }
  backend.submitQueue();
  await failures.during(staging.mapAsync(MAP_READ));
  const all = staging.getMappedRange().slice(0);
  staging.unmap();
  backend.bufferManager.releaseBuffer(staging);
  at = 0;
  wanted.forEach((data, i) => {
    const part = all.slice(at, at + buffers[i].size);
    data.values = data.dtype === "float32" ? new Float32Array(part) : new Int32Array(part);
    at += buffers[i].size;
  });
}

/** The backend's own read would ask a canvas, which Node has not and which is slow where there is one. */
export function refuseSynchronousReads(backend: WebgpuBackend): void {
  const stock = backend.readSync.bind(backend);
  backend.readSync = dataId => {
    const {values, dtype} = backend.tensorMap.get(dataId as object);
    if (values == null && dtype !== "string" && dtype !== "complex64") {
      throw new UserError(
        "this needs numbers back from the GPU in the middle of a computation, which the backend webgpu cannot give: " +
          "choose another --backend",
      );
    }
    return stock(dataId);
  };
}

/** The backend "webgpu" itself. */
export function webgpuBackend(): WebgpuBackend {
  return tf.findBackend("webgpu") as unknown as WebgpuBackend;
}
