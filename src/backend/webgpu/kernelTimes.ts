import {type GpuBuffer, MAP_READ, usage, type WebgpuBackend} from "./device";
import {observeDispatches} from "./dispatch";

/** Two queries each; a query set has at most 4,096. */
const MOST = 2048;
/** GPUBufferUsage.QUERY_RESOLVE and COPY_SRC. */
const RESOLVES = usage.queryResolve | usage.copySrc;

/** What one kernel took in all, on the device. */
export interface KernelTime {
  readonly name: string;
  readonly milliseconds: number;
  readonly dispatches: number;
}

/**
 * Times every dispatch while a task runs, stock kernels' and ours, each in a pass of its own with a timestamp at either
 * end. So taken they start less densely than otherwise: only their shares say something of a step.
 */
export class KernelTimes {
  private readonly names: string[] = [];
  private readonly queries: object & {destroy(): void};
  private readonly stock: WebgpuBackend["recordAndSubmit"];

  constructor(private readonly backend: WebgpuBackend) {
    if (!backend.device.features.has("timestamp-query"))
      throw new RangeError("this adapter has no timestamp-query: kernels cannot be timed");
    this.queries = backend.device.createQuerySet({type: "timestamp", count: 2 * MOST});
    this.stock = backend.recordAndSubmit;
    observeDispatches(backend, (name, run) => this.inOwnPass(name, run));
    backend.recordAndSubmit = (program, ...rest) =>
      this.inOwnPass(program.constructor.name, () => this.stock.call(backend, program, ...rest));
  }

  private inOwnPass(name: string, run: () => void): void {
    const {backend, queries} = this;
    const at = 2 * this.names.length;
    if (this.names.length === MOST) {
      run();
      return;
    }
    this.names.push(name);
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.computePassEncoder = backend.commandEncoder!.beginComputePass({
      timestampWrites: {querySet: queries, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1},
    });
    run();
    if (backend.commandEncoder) backend.endComputePassEncoder();
  }

  /** Ends the timing; the sums by kernel, longest first. */
  async end(): Promise<KernelTime[]> {
    const {backend, names, queries} = this;
    observeDispatches(backend, undefined);
    backend.recordAndSubmit = this.stock;
    const bytes = 16 * names.length;
    if (bytes === 0) return [];
    const resolved = backend.device.createBuffer({size: bytes, usage: RESOLVES});
    const staging = backend.device.createBuffer({size: bytes, usage: usage.copyDst | usage.mapRead});
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.commandEncoder!.resolveQuerySet(queries, 0, 2 * names.length, resolved, 0);
    backend.commandEncoder!.copyBufferToBuffer(resolved, 0, staging, 0, bytes);
    backend.submitQueue();
    await staging.mapAsync(MAP_READ);
    const times = new BigUint64Array(staging.getMappedRange().slice(0));
    for (const buffer of [staging, resolved] as GpuBuffer[]) buffer.destroy();
    queries.destroy();
    const sums = new Map<string, {milliseconds: number; dispatches: number}>();
    names.forEach((name, i) => {
      const sum = sums.get(name) ?? {milliseconds: 0, dispatches: 0};
      sum.milliseconds += Number(times[2 * i + 1] - times[2 * i]) / 1e6;
      sum.dispatches++;
      sums.set(name, sum);
    });
    return [...sums].map(([name, sum]) => ({name, ...sum})).sort((a, b) => b.milliseconds - a.milliseconds);
  }
}
