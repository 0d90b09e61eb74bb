import {availableParallelism, cpus, loadavg} from "node:os";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../backend/backend";
import {createInference} from "../infer/inference";
import {Machine} from "../infer/wasm/kernels";
import {loadKernels} from "../infer/wasm/loadKernels";
import {compileProgram, compileToBits, type Program} from "../infer/wasm/program";
import {imagesAtOnce} from "../infer/wasm/wasmInference";
import {xnorConv} from "../infer/wasm/xnor";
import type {ArchitectureName} from "../network/architectures";
import {activate, conv3x3, norm, type Operation} from "../network/operations";
import {benchNetwork} from "./benchNetwork";
import {floatNetwork} from "./floatNetwork";
import {type Contender, type InterleavedOptions, interleaved} from "./interleaved";
import {type NamedTicket, randomNetworks, type TimedNetwork, ticketNetworks} from "./timedNetworks";

/** One engine against the baseline. */
export interface InferenceTiming {
  readonly what: string;
  readonly ms: number;
  /** Baseline's milliseconds over these. */
  readonly ratio: number;
}

/** One layer or network at one batch, and each contender's times. */
export interface InferenceBenchRow {
  readonly name: string;
  readonly batch: number;
  readonly baselineMs: number;
  readonly timings: readonly InferenceTiming[];
}

/** What bench-inference measured. */
export interface InferenceBenchReport {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly baseline: string;
  /** 3×3 convolutions, NHWC float32 in and out. */
  readonly layers: readonly InferenceBenchRow[];
  /** Whole networks, image in, logits out. */
  readonly networks: readonly InferenceBenchRow[];
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly native: string;
    readonly loadBefore: number;
  };
}

export interface InferenceBenchOptions extends InterleavedOptions {
  readonly batches: readonly number[];
  /** [side, channels] */
  readonly layers: readonly (readonly [number, number])[];
  /** Whole networks at random masks. */
  readonly networks: readonly ArchitectureName[];
  /** Whole networks as searched. */
  readonly tickets?: readonly NamedTicket[];
  readonly onPart?: (name: string, batch: number) => void;
}

/** Single convolutions and whole networks on bits and additions, against TensorFlow.js's float32 on one thread. */
export async function benchInference(options: InferenceBenchOptions): Promise<InferenceBenchReport> {
  const loadBefore = loadavg()[0];
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  const native = await nativeBackend();
  const {version} = await useBackend("wasm");
  const kernels = await loadKernels();
  const layers: InferenceBenchRow[] = [];
  for (const batch of options.batches) {
    for (const shape of options.layers) layers.push(await benchLayer(kernels, shape, batch, options));
  }
  const networks: InferenceBenchRow[] = [];
  const timed = [...randomNetworks(options.networks), ...ticketNetworks(options.tickets ?? [])];
  for (const batch of options.batches) {
    for (const network of timed) networks.push(await benchNetworks(kernels, network, batch, native, options));
  }
  const baseline = `float32 on TensorFlow.js ${version}, WebAssembly with SIMD, one thread`;
  const cpu = cpus()[0]?.model.trim() ?? "unknown";
  const cores = availableParallelism();
  return {
    date: new Date().toISOString(),
    baseline,
    layers,
    networks,
    machine: {cpu, cores, node: process.version, native: native ?? "none", loadBefore},
  };
}

/** The native backend and its version, set up beside the other, or nothing. */
async function nativeBackend(): Promise<string | undefined> {
  const {backend, version, threads} = await useBackend("auto");
  return backend === "tensorflow" ? `TensorFlow ${version}, ${threads} threads` : undefined;
}

async function benchLayer(
  kernels: WebAssembly.Module,
  [side, channels]: readonly [number, number],
  batch: number,
  options: InferenceBenchOptions,
): Promise<InferenceBenchRow> {
  const name = `${side}×${side}, ${channels} channels`;
  options.onPart?.(name, batch);
  const image = [side, side, channels] as const;
  const x = benchImages(batch * side * side * channels);
  const conv = conv3x3("conv", channels);
  const operations = {bits: [activate, conv, norm("conv"), activate], sums: [activate, conv], reals: [conv]};
  const mine = (what: keyof typeof operations, keepFraction: number): Contender => {
    const activation = what === "reals" ? "relu" : "sign";
    const network = benchNetwork(operations[what], activation, image, keepFraction);
    const machine = new Machine(kernels);
    const compile = what === "bits" ? compileToBits : compileProgram;
    const program = compile(machine, network, imagesAtOnce(network, batch));
    return {run: inChunks(machine, program, x, batch)};
  };
  const contenders: Record<string, Contender> = {
    "1/1 k = 0.2, bits out": mine("bits", 0.2),
    "1/1 k = 0.2": mine("sums", 0.2),
    "1/1 k = 0.05": mine("sums", 0.05),
    "1/1 k = 1": mine("sums", 1),
    "1/32 k = 0.2": mine("reals", 0.2),
    "1/32 k = 0.05": mine("reals", 0.05),
    "1/32 k = 1": mine("reals", 1),
    ...(batch === 1 ? {"XNOR-popcount, bits in": textbook(kernels, operations.sums, image, x)} : {}),
  };
  const input = tf.tensor4d(x, [batch, ...image]);
  const filter = tf.randomNormal([3, 3, channels, channels], 0, 1, "float32", 1) as tf.Tensor4D;
  const baseline = {run: () => tf.dispose(tf.conv2d(input, filter, 1, "same"))};
  const row = await compare(name, batch, baseline, contenders, options);
  tf.dispose([input, filter]);
  return row;
}

/** The textbook's convolution of one image, for comparison. */
function textbook(
  kernels: WebAssembly.Module,
  operations: readonly Operation[],
  image: readonly [number, number, number],
  x: Float32Array,
): Contender {
  const layer = benchNetwork(operations, "sign", image, 0.2).layers.get("conv")!;
  const conv = xnorConv(new Machine(kernels), {h: image[0], w: image[1]}, layer, {stride: 1, pad: 1});
  conv.load(x);
  return {run: conv.run};
}

/** Runs a program over a batch that lies in its memory already, as the baseline's does. */
function inChunks(
  machine: Machine,
  program: Pick<Program, "images" | "input" | "steps">,
  x: Float32Array,
  batch: number,
): () => void {
  const {images, input, steps} = program;
  const now = Math.min(images, batch);
  machine.floats(input, (now * x.length) / batch).set(x.subarray(0, (now * x.length) / batch));
  return () => {
    for (let done = 0; done < batch; done += now) for (const step of steps) step(Math.min(now, batch - done));
  };
}

async function benchNetworks(
  kernels: WebAssembly.Module,
  {name, float, contenders: networks}: TimedNetwork,
  batch: number,
  native: string | undefined,
  options: InferenceBenchOptions,
): Promise<InferenceBenchRow> {
  options.onPart?.(name, batch);
  const [height, width, channels] = float.image;
  const x = benchImages(batch * height * width * channels);
  const contenders: Record<string, Contender> = {};
  for (const {what, network} of networks) {
    const inference = createInference(network, {kernels});
    contenders[what] = {run: () => void inference.logits(x, batch)};
  }
  const on = async (backend: "wasm" | "tensorflow"): Promise<Contender & {dispose: () => Promise<void>}> => {
    await tf.setBackend(backend);
    const {predict, dispose} = floatNetwork(float);
    const prepare = (): Promise<unknown> => tf.setBackend(backend);
    const run = (): void => void predict(x, batch);
    const release = async (): Promise<void> => {
      await prepare();
      dispose();
    };
    return {prepare, run, threads: backend === "tensorflow", dispose: release};
  };
  const baseline = await on("wasm");
  const other = native === undefined ? undefined : await on("tensorflow");
  if (other) contenders[`float32, ${native}`] = other;
  const row = await compare(name, batch, baseline, contenders, options);
  await other?.dispose();
  await baseline.dispose();
  return row;
}

async function compare(
  name: string,
  batch: number,
  baseline: Contender,
  contenders: Record<string, Contender>,
  options: InterleavedOptions,
): Promise<InferenceBenchRow> {
  const [baselineMs, ...ms] = await interleaved([baseline, ...Object.values(contenders)], options);
  const timings = Object.keys(contenders).map((what, i) => ({what, ms: ms[i], ratio: baselineMs / ms[i]}));
  return {name, batch, baselineMs, timings};
}

/** Values of both signs. */
function benchImages(count: number): Float32Array {
  return Float32Array.from({length: count}, (_, i) => Math.sin(i * i));
}
