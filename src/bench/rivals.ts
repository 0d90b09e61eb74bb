import {onnxOfNetwork} from "../export/onnx";
import type {BinaryNetwork} from "../infer/network";
import {denseModel} from "./denseModel";
import type {Contender} from "./interleaved";
import {channelsFirst, howToInstall, type OnnxRuntime, onnxRuntime} from "./onnxRuntime";
import {rangesOf} from "./ranges";
import {onnxRuntimePackages, type Rival} from "./rivalNames";
import {ternaryCsc} from "./ternaryCsc";
import type {TimedNetwork} from "./timedNetworks";

/** A contender that holds memory until it is released. */
export interface RivalContender extends Contender {
  readonly release: () => Promise<void>;
}

/** The runtimes among `asked` that are installed, and a line for each that is not. */
export async function runtimesOf(
  asked: readonly Rival[],
): Promise<{readonly runtimes: readonly OnnxRuntime[]; readonly notes: readonly string[]}> {
  const runtimes: OnnxRuntime[] = [];
  const notes: string[] = [];
  for (const name of onnxRuntimePackages) {
    if (!asked.includes(name)) continue;
    const runtime = await onnxRuntime(name);
    if (runtime) runtimes.push(runtime);
    else notes.push(howToInstall(name));
  }
  return {runtimes, notes};
}

/** Images that static quantisation is calibrated on. */
const CALIBRATION = 4;

/**
 * ONNX Runtime on the dense network, in float32 and in bytes, and (its own library alone: on WebAssembly it takes seconds)
 * on each ticket's export.
 */
export async function onnxContenders(
  runtimes: readonly OnnxRuntime[],
  {float, contenders, classes}: TimedNetwork,
  kernels: WebAssembly.Module,
  images: Float32Array,
  count: number,
): Promise<Record<string, RivalContender>> {
  if (runtimes.length === 0) return {};
  const calibrated = Math.min(count, CALIBRATION);
  const some = images.subarray(0, (images.length / count) * calibrated);
  const models: [string, () => Uint8Array][] = [
    ["float32", () => denseModel(float)],
    ["int8", () => denseModel(float, rangesOf(float, kernels, some, calibrated))],
  ];
  const x = channelsFirst(images, float.image);
  const found: Record<string, RivalContender> = {};
  const add = async (what: string, runtime: OnnxRuntime, bytes: Uint8Array): Promise<void> => {
    const {run, release} = await runtime.load(bytes, float.image);
    found[what] = {run: () => run(x, count), release};
  };
  for (const [what, bytesOf] of models) {
    const bytes = bytesOf();
    for (const runtime of runtimes) await add(`${what}, ${runtime.name}`, runtime, bytes);
  }
  const own = runtimes.find(({onWasm}) => !onWasm);
  if (own) {
    for (const {what, network} of contenders)
      await add(`export of ${what}, ${own.name}`, own, exportOf(network, classes));
  }
  return found;
}

function exportOf(network: BinaryNetwork, classes: number): Uint8Array {
  return onnxOfNetwork(network, classes, "int8", {
    name: "ticket",
    producerVersion: "",
    describe: "",
    metadata: {},
  });
}

/** The compressed sparse columns of every ticket with real activations. */
export function cscContenders(
  {contenders}: TimedNetwork,
  kernels: WebAssembly.Module,
  images: Float32Array,
  count: number,
): Record<string, Contender> {
  const real = contenders.filter(({network}) => network.activation === "relu");
  return Object.fromEntries(
    real.map(({what, network}) => {
      const csc = ternaryCsc(network, kernels);
      return [`ternary CSC, ${what}`, {run: () => void csc.logits(images, count)}];
    }),
  );
}
