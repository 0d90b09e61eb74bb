import * as tf from "@tensorflow/tfjs";
import {Machine} from "../infer/wasm/kernels";
import {compileProgram, compileToBits, type Program} from "../infer/wasm/program";
import {imagesAtOnce} from "../infer/wasm/wasmInference";
import {xnorConv} from "../infer/wasm/xnor";
import {activate, conv3x3, norm, type Operation} from "../network/operations";
import {benchNetwork} from "./benchNetwork";
import {benchImages, compare} from "./compare";
import type {InferenceBenchRow} from "./inferenceReport";
import type {Contender, InterleavedOptions} from "./interleaved";

/** One convolution, 3×3, of [side, channels], at several shares of kept weights. */
export async function benchLayer(
  kernels: WebAssembly.Module,
  [side, channels]: readonly [number, number],
  batch: number,
  options: InterleavedOptions & {readonly onPart?: (name: string, batch: number) => void},
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
