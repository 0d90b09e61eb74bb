import type * as tf from "@tensorflow/tfjs";

/** What this folder uses of a GPUBuffer. */
export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuPass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(x: number, y: number, z: number): void;
  end(): void;
}

export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

export interface GpuEncoder {
  beginComputePass(descriptor?: object): GpuPass;
  copyBufferToBuffer(from: GpuBuffer, at: number, to: GpuBuffer, offset: number, size: number): void;
  resolveQuerySet(set: object, first: number, count: number, to: GpuBuffer, offset: number): void;
}

/** What this folder uses of a GPUDevice. */
export interface GpuDevice extends EventTarget {
  readonly features: ReadonlySet<string>;
  readonly lost: Promise<{readonly reason: string; readonly message: string}>;
  createBuffer(descriptor: {size: number; usage: number}): GpuBuffer;
  createShaderModule(descriptor: {code: string}): object;
  createComputePipeline(descriptor: object): GpuPipeline;
  createBindGroup(descriptor: object): object;
  createQuerySet(descriptor: {type: "timestamp"; count: number}): object & {destroy(): void};
  destroy(): void;
}

/** GPUAdapterInfo. */
export interface GpuAdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

export interface GpuAdapter {
  readonly info: GpuAdapterInfo;
  readonly isFallbackAdapter?: boolean;
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: object): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(options?: object): Promise<GpuAdapter | null>;
}

/** A tensor's data as the backend keeps it: on the device, on the host, or both after a read. */
export interface TensorData {
  resource?: GpuBuffer;
  values?: tf.TypedArray | null;
  dtype: tf.DataType;
}

/** The parts of tfjs-backend-webgpu 4.22.0 that own shaders need, private ones included. */
export interface WebgpuBackend extends tf.KernelBackend {
  readonly device: GpuDevice;
  readonly tensorMap: {get(id: object): TensorData};
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GpuBuffer;
    releaseBuffer(buffer: GpuBuffer): void;
    readonly numBytesAllocated: number;
  };
  computePassEncoder: GpuPass | null;
  commandEncoder: GpuEncoder | null;
  dispatchCountInPass: number;
  readonly commandQueueOwnedIds: WeakSet<object>;
  uploadToGPU(id: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(id: object): boolean;
  recordAndSubmit(program: object, ...rest: unknown[]): void;
}

/** GPUBufferUsage and GPUMapMode, as the standard numbers them. */
export const usage = {mapRead: 1, copySrc: 4, copyDst: 8, queryResolve: 512} as const;
export const MAP_READ = 1;
