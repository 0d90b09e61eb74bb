import type {Operation} from "../../network/operations";
import {settled} from "../../network/settle";
import {type BinaryNetwork, isSign, layerNamed} from "../network";
import {type BitPlanes, bitPlanes} from "./bitPlanes";
import {bitSlicedConv, type Sums} from "./bitSlicedConv";
import {Compiler} from "./compile";
import {toFloats} from "./convert";
import {floatConv} from "./floatConv";
import type {FloatPlanes} from "./floatPlanes";
import type {Machine} from "./kernels";
import {each, type Step, type Value} from "./plan";

/** A network laid out for so many images at once: fill the input, run the steps, read the result. */
export interface Program {
  readonly images: number;
  readonly steps: readonly Step[];
  /** Address of NHWC floats. */
  readonly input: number;
  /** Address of NHWC floats. */
  readonly result: number;
  /** Values an image. */
  readonly resultSize: number;
}

export function compileProgram(machine: Machine, network: BinaryNetwork, images: number): Program {
  const {compiler, input, first, rest} = begin(machine, network, images);
  const last = rest.at(-1);
  if (last?.op === "conv")
    return {...endWithConv(compiler, compiler.sequence(rest.slice(0, -1), first), last), input};
  const output = toFloats(compiler, compiler.sequence(rest, first));
  const {at, rowBytes, planeBytes, imageBytes, channels, h, w} = output;
  return {
    ...toNhwc(compiler, output, (image, to) =>
      machine.kernels.floatsToNhwc(at + image * imageBytes, rowBytes, planeBytes, channels, h, w, 1, to),
    ),
    input,
  };
}

/** The same, its result left where it is: the bit planes of operations that end with a sign. */
export function compileToBits(
  machine: Machine,
  network: BinaryNetwork,
  images: number,
): Omit<Program, "result" | "resultSize"> {
  const {compiler, input, first, rest} = begin(machine, network, images);
  compiler.sequence(rest, first);
  return {images, steps: compiler.steps, input};
}

/** The input's place and first layout: bits where a sign is all that sees it. */
function begin(
  machine: Machine,
  network: BinaryNetwork,
  images: number,
): {compiler: Compiler; input: number; first: Value; rest: readonly Operation[]} {
  const [h, w, channels] = network.image;
  const operations = settled(network.operations, network.image, network.activation);
  const compiler = new Compiler(machine, network, images);
  const imageBytes = 4 * h * w * channels;
  const input = machine.allocate(images * imageBytes);
  if (isSign(operations[0], network.activation)) {
    const first = bitPlanes(machine, images, channels, h, w);
    compiler.steps.push(bitsOfInput(machine, input, imageBytes, first));
    return {compiler, input, first, rest: operations.slice(1)};
  }
  const first: FloatPlanes = compiler.planes({channels, h, w});
  compiler.steps.push(
    each(i => {
      const to = first.at + i * first.imageBytes;
      machine.kernels.nhwcToFloats(
        input + i * imageBytes,
        channels,
        h,
        w,
        to,
        first.rowBytes,
        first.planeBytes,
      );
    }),
  );
  return {compiler, input, first, rest: operations};
}

function bitsOfInput(machine: Machine, input: number, imageBytes: number, to: BitPlanes): Step {
  const {at, channels, h, w, planeBytes, stride} = to;
  return count => {
    machine.kernels.clear(at, channels * planeBytes);
    for (let i = 0; i < count; i++) {
      machine.kernels.nhwcToBits(input + i * imageBytes, channels, h * w, at, planeBytes, i * stride);
    }
  };
}

/** A convolution that nothing follows: its sums go to NHWC at once. */
function endWithConv(
  compiler: Compiler,
  value: Value,
  {name, stride, pad}: Extract<Operation, {op: "conv"}>,
): Omit<Program, "input"> {
  const {machine, network} = compiler;
  const layer = layerNamed(network, name);
  if (value.kind === "bits") {
    const {output, run} = bitSlicedConv(machine, value, layer, {stride, pad}, {kind: "sums"});
    compiler.steps.push(run);
    const sums = output as Sums;
    return toNhwc(compiler, sums, (image, to) => {
      const from = sums.at + 2 * image * sums.stride;
      machine.kernels.sumsToNhwc(from, sums.rowBytes, sums.channels, sums.h * sums.w, layer.gain, to);
    });
  }
  const input = toFloats(compiler, value);
  const {output, run} = floatConv(machine, input, layer, {stride, pad}, compiler.rawBuffer);
  const {at, rowBytes, planeBytes, channels, h, w} = output;
  return toNhwc(compiler, output, (image, to) => {
    run(image);
    machine.kernels.floatsToNhwc(at, rowBytes, planeBytes, channels, h, w, layer.gain, to);
  });
}

function toNhwc(
  {machine, images, steps}: Compiler,
  {channels, h, w}: {readonly channels: number; readonly h: number; readonly w: number},
  write: (image: number, to: number) => void,
): Omit<Program, "input"> {
  const resultSize = channels * h * w;
  const result = machine.allocate(images * 4 * resultSize);
  steps.push(each(image => write(image, result + 4 * image * resultSize)));
  return {images, steps, result, resultSize};
}
