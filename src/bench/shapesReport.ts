import {UserError} from "../core/errors";
import type {Precision} from "../core/precision";
import {everyOperation, sizeOf} from "../network/geometry";
import type {ImageShape, Operation} from "../network/operations";
import {readRegularFile} from "../system/regularFile";

export type Direction = "forward" | "input gradient" | "filter gradient";

/** A convolution or dense layer as its time depends on it; a dense layer is a 1×1 convolution of one pixel. */
export interface LayerShape {
  /** [height, width, channels] of its input, border not counted. */
  readonly input: ImageShape;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly dense: boolean;
  /** Layers of this shape in the networks asked for; those that see the image itself need no input gradient. */
  readonly layers: number;
  readonly first: boolean;
}

export interface ShapeRow extends Omit<LayerShape, "layers" | "first"> {
  readonly direction: Direction;
  readonly precision: Precision;
  readonly layers: number;
  /** The shortest of many runs. */
  readonly ms: number;
  /** As if each product were taken. */
  readonly gflops: number;
  /** Of the GEMM peak of the precision. */
  readonly shareOfPeak: number;
  /** Input, filters and output read or written once each, in bytes a second, over the bandwidth measured. */
  readonly shareOfBandwidth: number;
}

export interface ShapesReport {
  readonly machine: {
    readonly cpu: string;
    /** Those of the processor's features that decide which instructions compute. */
    readonly features: readonly string[];
    readonly threads: number;
    readonly version: string;
    readonly kernels: string;
    readonly gemmGflops: Partial<Record<Precision, number>>;
    /** Gigabytes a second that a sum of two arrays reads and writes. */
    readonly bandwidth: number;
    readonly loadBefore: number;
  };
  readonly batch: number;
  readonly rows: readonly ShapeRow[];
}

/** The different layers of networks, in the order they come. */
export function shapesOf(
  networks: readonly {readonly operations: readonly Operation[]; readonly image: ImageShape}[],
): LayerShape[] {
  const shapes = new Map<string, LayerShape>();
  const visits = networks.flatMap(({operations, image}) => [...everyOperation(operations, image)]);
  for (const {operation, input, output, behindWeights} of visits) {
    if (operation.op !== "conv" && operation.op !== "dense") continue;
    const dense = operation.op === "dense";
    const shape = {
      input: (dense ? [1, 1, sizeOf(input)] : input) as ImageShape,
      outputs: output.at(-1)!,
      kernel: dense ? 1 : operation.kernel,
      stride: dense ? 1 : operation.stride,
      pad: dense ? 0 : operation.pad,
      dense,
      first: !behindWeights,
    };
    const key = JSON.stringify(shape);
    shapes.set(key, {...shape, layers: (shapes.get(key)?.layers ?? 0) + 1});
  }
  return [...shapes.values()];
}

/** UserError where a file is no record of bench-shapes. */
export function readShapes(path: string): ShapesReport {
  try {
    const record = JSON.parse(readRegularFile(path).toString("utf8")) as ShapesReport;
    if (Array.isArray(record.rows) && record.machine?.gemmGflops) return record;
  } catch (error) {
    throw new UserError(`${path} is no record of bench-shapes: ${(error as Error).message}`);
  }
  throw new UserError(`${path} is no record of bench-shapes: it lacks rows or machine`);
}
