import {availableParallelism, cpus, loadavg} from "node:os";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../backend/backend";
import {createInference} from "../infer/inference";
import {loadKernels} from "../infer/wasm/loadKernels";
import type {ArchitectureName} from "../network/architectures";
import {benchImages, compare} from "./compare";
import {benchFirstCalls} from "./firstCalls";
import {floatNetwork} from "./floatNetwork";
import type {InferenceBenchReport, InferenceBenchRow} from "./inferenceReport";
import type {Contender, InterleavedOptions} from "./interleaved";
import {benchLayer} from "./layerBench";
import type {OnnxRuntime} from "./onnxRuntime";
import type {Rival} from "./rivalNames";
import {cscContenders, onnxContenders, type RivalContender, runtimesOf} from "./rivals";
import {type NamedTicket, randomNetworks, type TimedNetwork, ticketNetworks} from "./timedNetworks";

export interface InferenceBenchOptions extends InterleavedOptions {
  readonly batches: readonly number[];
  /** [side, channels] */
  readonly layers: readonly (readonly [number, number])[];
  /** Whole networks at random masks. */
  readonly networks: readonly ArchitectureName[];
  /** Whole networks as searched. */
  readonly tickets?: readonly NamedTicket[];
  /** Beside the baseline; none by default. */
  readonly rivals?: readonly Rival[];
  /** Ticket files whose first prediction is timed, each in a process of its own. */
  readonly firstCalls?: readonly string[];
  readonly onPart?: (name: string, batch: number) => void;
}

/** What whole networks are timed with beside the engine. */
interface Company {
  readonly kernels: WebAssembly.Module;
  readonly native: string | undefined;
  readonly runtimes: readonly OnnxRuntime[];
  readonly csc: boolean;
}

/** Single convolutions and whole networks on bits and additions, against TensorFlow.js's float32 on one thread, and rivals. */
export async function benchInference(options: InferenceBenchOptions): Promise<InferenceBenchReport> {
  const {rivals = [], firstCalls = []} = options;
  const loadBefore = loadavg()[0];
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  const native = rivals.includes("tensorflow") ? await nativeBackend() : undefined;
  const {version} = await useBackend("wasm");
  const kernels = await loadKernels();
  const layers: InferenceBenchRow[] = [];
  for (const batch of options.batches) {
    for (const shape of options.layers) layers.push(await benchLayer(kernels, shape, batch, options));
  }
  const {runtimes, notes} = await runtimesOf(rivals);
  const company = {kernels, native, runtimes, csc: rivals.includes("ternary-csc")};
  const networks: InferenceBenchRow[] = [];
  const timed = [...randomNetworks(options.networks), ...ticketNetworks(options.tickets ?? [])];
  for (const batch of options.batches) {
    for (const network of timed) networks.push(await benchNetworks(network, batch, company, options));
  }
  const baseline = `float32 on TensorFlow.js ${version}, WebAssembly with SIMD, one thread`;
  const cpu = cpus()[0]?.model.trim() ?? "unknown";
  const cores = availableParallelism();
  return {
    date: new Date().toISOString(),
    baseline,
    layers,
    networks,
    firstCalls: await benchFirstCalls(firstCalls, options),
    notes,
    machine: {cpu, cores, node: process.version, native: native ?? "none", loadBefore},
  };
}

/** The native backend and its version, set up beside the other, or nothing. */
async function nativeBackend(): Promise<string | undefined> {
  const {backend, version, threads} = await useBackend("auto");
  return backend === "tensorflow" ? `TensorFlow ${version}, ${threads} threads` : undefined;
}

async function benchNetworks(
  timed: TimedNetwork,
  batch: number,
  {kernels, native, runtimes, csc}: Company,
  options: InferenceBenchOptions,
): Promise<InferenceBenchRow> {
  const {name, float, contenders: networks} = timed;
  options.onPart?.(name, batch);
  const [height, width, channels] = float.image;
  const x = benchImages(batch * height * width * channels);
  const contenders: Record<string, Contender> = {};
  for (const {what, network} of networks) {
    const inference = createInference(network, {kernels});
    contenders[what] = {run: () => void inference.logits(x, batch)};
  }
  const baseline = await onTensorflow("wasm", timed, x, batch);
  const rivals = await onnxContenders(runtimes, timed, kernels, x, batch);
  if (native !== undefined) rivals[`float32, ${native}`] = await onTensorflow("tensorflow", timed, x, batch);
  Object.assign(contenders, rivals, csc ? cscContenders(timed, kernels, x, batch) : {});
  const row = await compare(name, batch, baseline, contenders, options);
  for (const {release} of [...Object.values(rivals), baseline]) await release();
  return row;
}

async function onTensorflow(
  backend: "wasm" | "tensorflow",
  {float}: TimedNetwork,
  images: Float32Array,
  count: number,
): Promise<RivalContender> {
  await tf.setBackend(backend);
  const {predict, dispose} = floatNetwork(float);
  const prepare = (): Promise<unknown> => tf.setBackend(backend);
  return {
    prepare,
    run: () => void predict(images, count),
    threads: backend === "tensorflow",
    release: async () => {
      await prepare();
      dispose();
    },
  };
}
