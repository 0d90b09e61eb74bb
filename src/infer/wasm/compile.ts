import {UserError} from "../../core/errors";
import {everyOperation} from "../../network/geometry";
import type {Operation} from "../../network/operations";
import {type BinaryLayer, type BinaryNetwork, layerNamed} from "../network";
import {type BitPlanes, bitPlanes} from "./bitPlanes";
import {bitSlicedConv, type Sums} from "./bitSlicedConv";
import {bitThresholds} from "./bitThresholds";
import {flatten, halve, maxPool, mean, toFloats, toRow} from "./convert";
import {type BitRow, bitRow, sparseDense, xnorDense} from "./denseLayer";
import {type Finish, finishBits, finishPlanes, placeNorm, type Source} from "./finish";
import {floatConv, type RawBuffer, rawPlanes} from "./floatConv";
import {asPlanes, type FloatPlanes, type FloatRow, floatPlanes, floatRow} from "./floatPlanes";
import type {Machine} from "./kernels";
import {each, type Plan, type Step, type Value} from "./plan";
import {aboveZero, isHalving, type Tail, tailOf} from "./tail";

/** What a residual adds to its main branch, and what follows the sum. */
interface Sum {
  readonly addend: FloatPlanes | BitPlanes;
  readonly activation: Tail["activation"];
}

type Conv = Extract<Operation, {op: "conv"}>;

/** The most zeros that a convolution of the network pads with. */
function mostPadding({operations, image}: BinaryNetwork): number {
  const all = [...everyOperation(operations, image)].map(({operation}) => operation);
  return Math.max(0, ...all.map(each => (each.op === "conv" ? each.pad : 0)));
}

/** Turns operations into steps on one machine's memory, joining what one pass can do. */
export class Compiler implements Plan {
  readonly steps: Step[] = [];
  private readonly raw = {at: 0, bytes: 0};
  private readonly halo: number;

  constructor(
    readonly machine: Machine,
    readonly network: BinaryNetwork,
    readonly images: number,
  ) {
    this.halo = mostPadding(network);
  }

  planes(shape: {readonly channels: number; readonly h: number; readonly w: number}): FloatPlanes {
    return floatPlanes(this.machine, {...shape, images: this.images}, this.halo);
  }

  /** The value behind the operations; `sum` is added at their end. */
  sequence(operations: readonly Operation[], input: Value, sum?: Sum): Value {
    let value = input;
    let open = sum;
    for (let i = 0; i < operations.length; ) {
      const operation = operations[i];
      if (operation.op === "conv") {
        const layer = layerNamed(this.network, operation.name);
        const tail = tailOf(this.network, operations, i + 1, layer.gain > 0);
        i = tail.next;
        const joins =
          open !== undefined && i === operations.length && tail.activation === "none" && !tail.pool;
        value = this.conv(value, operation, layer, tail, joins ? open : undefined);
        if (joins) open = undefined;
      } else if (operation.op === "dense") {
        const layer = layerNamed(this.network, operation.name);
        const tail = tailOf(this.network, operations, i + 1, false);
        i = tail.next;
        value = this.finishRow(this.dense(value, layer, operation.name), layer.gain, tail);
      } else if (operation.op === "residual") {
        const {activation, next} = tailOf(this.network, operations, i + 1, false);
        const follows = next === i + 2 ? activation : "none";
        const shortcut = this.sequence(operation.shortcut, value);
        const addend = shortcut.kind === "bits" ? shortcut : toFloats(this, shortcut);
        value = this.sequence(operation.main, value, {addend, activation: follows});
        i += follows === "none" ? 1 : 2;
      } else if (operation.op === "flatten" || operation.op === "avgpool") {
        value = operation.op === "flatten" ? flatten(this, value) : mean(this, value);
        i++;
      } else if (operation.op === "maxpool" && (value.kind === "bits" || !isHalving(operation))) {
        value = maxPool(this, value, operation);
        i++;
      } else {
        const tail = tailOf(this.network, operations, i, true);
        i = tail.next;
        value = this.pointwise(value, tail);
      }
    }
    if (!open) return value;
    const planes = toFloats(this, value);
    return this.finish(
      {...planes, prepare: () => {}, stride: planes.imageBytes},
      {...open, gain: 1, pool: false},
    );
  }

  private conv(
    value: Value,
    {stride, pad, beforeSign}: Conv,
    layer: BinaryLayer,
    tail: Tail,
    sum: Sum | undefined,
  ): Value {
    const rest = {gain: layer.gain, pool: tail.pool, norm: beforeSign ? aboveZero(layer) : tail.norm};
    const last = sum ?? tail;
    if (value.kind !== "bits") {
      const input = toFloats(this, value);
      const {output, run} = floatConv(this.machine, input, layer, {stride, pad}, this.rawBuffer);
      return this.finish(
        {...output, prepare: run, stride: 0},
        {...rest, addend: sum?.addend, activation: last.activation},
      );
    }
    if (last.activation === "sign" && sum === undefined)
      return this.thresholded(value, {stride, pad}, layer, tail);
    if (last.activation === "sign" && sum?.addend.kind === "bits") {
      const ifOne = bitThresholds(layer, tail.norm, 1);
      const ifZero = bitThresholds(layer, tail.norm, -1);
      const result = {kind: "chosen", chosen: sum.addend, ifOne, ifZero} as const;
      const {output, run} = bitSlicedConv(this.machine, value, layer, {stride, pad}, result);
      this.steps.push(run);
      return output as BitPlanes;
    }
    const {output, run} = bitSlicedConv(this.machine, value, layer, {stride, pad}, {kind: "sums"});
    this.steps.push(run);
    return this.finish(this.sumsSource(output as Sums), {
      ...rest,
      addend: sum?.addend,
      activation: last.activation,
    });
  }

  /** A convolution of bits whose sums only a sign sees. Pooling comes before the sign of a falling batch norm turns. */
  private thresholded(
    value: BitPlanes,
    how: {stride: number; pad: number},
    layer: BinaryLayer,
    tail: Tail,
  ): BitPlanes {
    const thresholds = bitThresholds(layer, tail.norm);
    const raised = tail.pool ? thresholds.map(({at}) => ({at, flipped: false})) : thresholds;
    const {output, run} = bitSlicedConv(this.machine, value, layer, how, {kind: "bits", thresholds: raised});
    this.steps.push(run);
    const flips = thresholds.map(({flipped}) => flipped);
    return tail.pool ? halve(this, output as BitPlanes, flips) : (output as BitPlanes);
  }

  private sumsSource(sums: Sums): Source {
    const {kernels} = this.machine;
    const raw = rawPlanes(sums.channels, sums.h, sums.w, this.rawBuffer);
    const prepare = (image: number): void =>
      kernels.sumsToFloats(
        sums.at + 2 * image * sums.stride,
        sums.rowBytes,
        sums.channels,
        sums.h,
        sums.w,
        raw.at,
        raw.rowBytes,
        raw.planeBytes,
      );
    return {...raw, prepare, stride: 0};
  }

  private finish(
    source: Source,
    {
      addend,
      activation,
      norm,
      ...rest
    }: Omit<Finish, "norms" | "addend"> & {
      addend?: FloatPlanes | BitPlanes;
      activation: Tail["activation"];
      norm?: Tail["norm"];
    },
  ): FloatPlanes | BitPlanes {
    const how: Finish = {
      ...rest,
      norms: placeNorm(this.machine, norm),
      addend: addend && toFloats(this, addend),
    };
    const shape = {
      channels: source.channels,
      h: how.pool ? source.h >> 1 : source.h,
      w: how.pool ? source.w >> 1 : source.w,
    };
    if (activation === "sign") {
      const out = bitPlanes(this.machine, this.images, shape.channels, shape.h, shape.w);
      this.steps.push(finishBits(this.machine, source, how, out));
      return out;
    }
    const out = this.planes(shape);
    this.steps.push(finishPlanes(this.machine, source, how, activation === "relu", out));
    return out;
  }

  private pointwise(value: Value, tail: Tail): Value {
    if (value.kind === "row" || value.kind === "bitrow") return this.finishRow(toRow(this, value), 1, tail);
    const planes = toFloats(this, value);
    return this.finish({...planes, prepare: () => {}, stride: planes.imageBytes}, {...tail, gain: 1});
  }

  /** A dense layer's sums, before the gain. */
  private dense(value: Value, layer: BinaryLayer, name: string): FloatRow {
    const out = floatRow(this.machine, this.images, layer.shape[1]);
    const input = value.kind === "row" || value.kind === "bitrow" ? value : flatten(this, value);
    const pixels = layer.shape[0] / input.channels;
    if (!Number.isInteger(pixels))
      throw new UserError(`layer ${name} has ${layer.shape[0]} inputs for ${input.channels} channels`);
    const run =
      input.kind === "bitrow"
        ? xnorDense(this.machine, input, layer, out)
        : sparseDense(this.machine, {...input, pixels}, layer, out);
    this.steps.push(each(run));
    return out;
  }

  private finishRow(row: FloatRow, gain: number, {norm, activation}: Tail): FloatRow | BitRow {
    const {kernels} = this.machine;
    if (norm && row.pixels > 1) throw new UserError("the wasm engine has no batch norm behind a flatten");
    const out = floatRow(this.machine, this.images, row.channels, row.pixels);
    const how: Finish = {gain, pool: false, norms: placeNorm(this.machine, norm)};
    const planes = asPlanes(row);
    const source = {...planes, prepare: () => {}, stride: row.imageBytes};
    this.steps.push(finishPlanes(this.machine, source, how, activation === "relu", asPlanes(out)));
    if (activation !== "sign") return out;
    const bits = bitRow(this.machine, this.images, row.channels, row.pixels);
    this.steps.push(
      each(i =>
        kernels.signsOfRow(
          out.at + i * out.imageBytes,
          row.channels * row.pixels,
          bits.at + i * bits.imageBytes,
          bits.imageBytes,
        ),
      ),
    );
    return bits;
  }

  /** One place for raw sums: each is read before the next are made. */
  readonly rawBuffer: RawBuffer = (bytes: number): number => {
    if (this.raw.bytes < bytes) Object.assign(this.raw, {at: this.machine.allocate(bytes, 4096), bytes});
    return this.raw.at;
  };
}
