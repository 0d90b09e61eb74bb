import {UserError} from "../core/errors";
import {oihwFromHwio, rowsByChannel} from "../export/channelsFirst";
import {OnnxGraph} from "../export/onnxGraph";
import {
  type BinaryLayer,
  type BinaryNetwork,
  type ChannelAffine,
  isRelu,
  layerNamed,
  normNamed,
} from "../infer/network";
import type {Operation} from "../network/operations";
import type {Range, Ranges} from "./ranges";

type Of<Op extends Operation["op"]> = Extract<Operation, {op: Op}>;

/**
 * The rival of a ticket as an ONNX model: the same network with dense weights and ReLU, batch norm folded into weights and
 * bias. Without ranges in float32. With the range of every value, quantised statically as ONNX Runtime's own tool does it
 * (QDQ, bytes without sign and a zero point for values, signed bytes and a scale a filter for weights); weights are ±α,
 * so that a byte holds them exactly. UserError for binary activations.
 */
export function denseModel(network: BinaryNetwork, ranges?: Ranges): Uint8Array {
  if (network.activation !== "relu") throw new UserError("the dense rival of a ticket has real activations");
  const [h, w, channels] = network.image;
  const graph = new OnnxGraph("int8");
  const writer = new DenseWriter(graph, network, ranges);
  const {x} = writer.sequence(network.operations, writer.images(channels), "");
  const texts = {name: "dense", producerVersion: "", describe: "", metadata: {}};
  return graph.bytes(x, ["batch", channels, h, w], ["batch", "classes"], texts);
}

/** A tensor, its channels (behind a flattening those before it), and the scale of its bytes. */
interface Tensor {
  readonly x: string;
  readonly channels: number;
  readonly scale?: number;
}

class DenseWriter {
  private constants = 0;

  constructor(
    private readonly graph: OnnxGraph,
    private readonly network: BinaryNetwork,
    private readonly ranges: Ranges | undefined,
  ) {}

  images(channels: number): Tensor {
    return this.inBytes({x: "images", channels}, "images");
  }

  sequence(operations: readonly Operation[], input: Tensor, at: string): Tensor {
    let value = input;
    for (let i = 0; i < operations.length; i++) {
      const operation = operations[i];
      let next: Tensor;
      if (operation.op === "conv") {
        const pool = operations[i + 1]?.op === "maxpool" ? (operations[i + 1] as Of<"maxpool">) : undefined;
        const behind = operations[i + (pool ? 2 : 1)];
        const norm = behind?.op === "batchnorm" ? normNamed(this.network, behind.name) : undefined;
        const folds = norm !== undefined && (!pool || norm.scale.every(scale => scale > 0));
        next = this.conv(value, operation, folds ? norm : undefined);
        i += (pool && folds ? 1 : 0) + (folds ? 1 : 0);
        // A maximum of ReLUs is the ReLU of the maximum.
        if ((folds || !pool) && isRelu(operations[i + 1], "relu")) {
          next = this.after("Relu", next);
          i++;
        }
        if (pool && folds) next = this.pool(this.inBytes(next, `${at}${i}`), pool);
      } else next = this.other(value, operation, `${at}${i}`);
      const isLogits = at === "" && i === operations.length - 1;
      value = isLogits ? next : this.inBytes(next, `${at}${i}`);
    }
    return value;
  }

  private other(value: Tensor, operation: Exclude<Operation, Of<"conv">>, at: string): Tensor {
    switch (operation.op) {
      case "dense":
        return this.dense(value, operation);
      case "batchnorm": {
        const {scale, shift} = normNamed(this.network, operation.name);
        const scaled = this.graph.node("Mul", [value.x, this.perChannel(scale)]);
        return {...value, x: this.graph.node("Add", [scaled, this.perChannel(shift)])};
      }
      case "activation":
      case "relu":
        return this.after("Relu", value);
      case "maxpool":
        return this.pool(value, operation);
      case "avgpool": {
        const mean = this.graph.node("GlobalAveragePool", [value.x]);
        return {...value, x: this.graph.node("Flatten", [mean], {axis: 1})};
      }
      case "flatten":
        return {...value, x: this.graph.node("Flatten", [value.x], {axis: 1})};
      case "residual": {
        const main = this.sequence(operation.main, value, `${at}.main.`);
        const shortcut = this.sequence(operation.shortcut, value, `${at}.shortcut.`);
        return {...main, x: this.graph.node("Add", [main.x, shortcut.x])};
      }
    }
  }

  private conv(
    value: Tensor,
    {name, kernel, stride, pad, filters}: Of<"conv">,
    norm: ChannelAffine | undefined,
  ): Tensor {
    const layer = layerNamed(this.network, name);
    const dims = [filters, value.channels, kernel, kernel];
    const signs = oihwFromHwio(layer.signs, layer.shape);
    const factors = Float32Array.from({length: filters}, (_, f) => layer.gain * (norm?.scale[f] ?? 1));
    const inputs = [value.x, this.weights(name, dims, signs, factors)];
    if (norm) inputs.push(this.bias(name, norm.shift, factors, value.scale));
    const x = this.graph.node("Conv", inputs, {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
    return {x, channels: filters};
  }

  private dense(value: Tensor, {name}: Of<"dense">): Tensor {
    const layer: BinaryLayer = layerNamed(this.network, name);
    const [inputs, units] = layer.shape;
    const signs = rowsByChannel(layer.signs, layer.shape, value.channels);
    const weights = this.weights(name, [inputs, units], signs, Float32Array.of(layer.gain));
    return {x: this.graph.node("MatMul", [value.x, weights]), channels: units};
  }

  private after(opType: string, value: Tensor): Tensor {
    return {...value, x: this.graph.node(opType, [value.x])};
  }

  private pool(value: Tensor, {size, stride, pad}: Of<"maxpool">): Tensor {
    const x = this.graph.node("MaxPool", [value.x], {
      kernel_shape: [size, size],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
    return {...value, x};
  }

  /** signs · factors; one factor, or one a filter, which come first. */
  private weights(name: string, dims: readonly number[], signs: Int8Array, factors: Float32Array): string {
    const each = signs.length / factors.length;
    const falls = (i: number): boolean => factors[Math.floor(i / each)] < 0;
    if (!this.ranges) {
      const values = Float32Array.from(signs, (sign, i) => sign * factors[Math.floor(i / each)]);
      return this.graph.floats(`${name}.weights`, dims, values);
    }
    const stored = this.graph.stored(
      `${name}.weights`,
      dims,
      Int8Array.from(signs, (sign, i) => (falls(i) ? -sign : sign)),
    );
    return this.inFloats(name, stored, factors.map(Math.abs), Int8Array);
  }

  private bias(name: string, shift: Float32Array, factors: Float32Array, scale: number | undefined): string {
    if (!this.ranges || scale === undefined) return this.graph.floats(`${name}.bias`, [shift.length], shift);
    const scales = factors.map(factor => Math.abs(factor) * scale);
    const stored = Int32Array.from(shift, (value, f) => (scales[f] > 0 ? Math.round(value / scales[f]) : 0));
    return this.inFloats(
      `${name}.bias`,
      this.graph.stored(`${name}.bias`, [shift.length], stored),
      scales,
      Int32Array,
    );
  }

  private inFloats(
    name: string,
    stored: string,
    scales: Float32Array,
    Kind: typeof Int8Array | typeof Int32Array,
  ): string {
    const dims = scales.length === 1 ? [] : [scales.length];
    const scale = this.graph.floats(`${name}.scale`, dims, scales);
    const zero = this.graph.stored(`${name}.zero`, dims, new Kind(scales.length));
    return this.graph.node("DequantizeLinear", [stored, scale, zero], {axis: 0});
  }

  /** Through bytes, where the model is quantised. */
  private inBytes(value: Tensor, at: string): Tensor {
    const range = this.ranges?.get(at);
    if (!this.ranges) return value;
    if (range === undefined) throw new RangeError(`nothing is known of the values at ${at}`);
    const {scale, zero} = bytesOf(range);
    const name = `bytes_${this.constants++}`;
    const how = [
      this.graph.floats(`${name}.scale`, [], [scale]),
      this.graph.stored(`${name}.zero`, [], Uint8Array.of(zero)),
    ];
    const stored = this.graph.node("QuantizeLinear", [value.x, ...how]);
    return {...value, scale, x: this.graph.node("DequantizeLinear", [stored, ...how])};
  }

  private perChannel(values: Float32Array): string {
    return this.graph.floats(`channels_${this.constants++}`, [1, values.length, 1, 1], values);
  }
}

/** The bytes 0 … 255 that cover a range and hold 0 exactly. */
function bytesOf([least, most]: Range): {scale: number; zero: number} {
  const [from, to] = [Math.min(0, least), Math.max(0, most)];
  const scale = Math.fround((to - from) / 255) || 1;
  return {scale, zero: Math.round(-from / scale)};
}
