import {UserError} from "../core/errors";
import {
  type BinaryLayer,
  type BinaryNetwork,
  isSign,
  layerNamed,
  nearZero,
  normNamed,
} from "../infer/network";
import {windowGrid} from "../network/geometry";
import type {Operation} from "../network/operations";
import {settled} from "../network/settle";
import {oihwFromHwio, rowsByChannel} from "./channelsFirst";
import type {OnnxGraph} from "./onnxGraph";
import {affine, type OnnxValue, type PerChannel, realOf, signOf} from "./onnxValues";
import {orderedDense} from "./orderedDense";
import {pairSteps, stretchesOf} from "./orderedSums";

/** Pairs that one convolution gives at a time: few enough for memory, and at least two where there are more. */
const STEPS_AT_ONCE = 8;

type Of<Op extends Operation["op"]> = Extract<Operation, {op: Op}>;

interface Extent {
  readonly h: number;
  readonly w: number;
  readonly channels: number;
  /** Behind a flattening or a dense layer: [batch, channels · h · w]. */
  readonly flat: boolean;
}

/**
 * Writes a network's operations into a graph, images as [batch, channels, height, width]; gives the tensor of logits.
 *
 * MPT-1/32: sums times the gain, batch norm as a multiplication and an addition. MPT-1/1: what the signs decide does not
 * depend on how a runtime adds or what it fuses. Sums of bits are whole numbers and meet thresholds; the first layer adds
 * its real inputs in the order that every engine keeps (infer/sumOrder.ts).
 */
export class OnnxNetwork {
  private extent: Extent;
  private constants = 0;

  constructor(
    private readonly graph: OnnxGraph,
    private readonly network: BinaryNetwork,
  ) {
    const [h, w, channels] = network.image;
    this.extent = {h, w, channels, flat: false};
  }

  logits(): string {
    const {image, activation} = this.network;
    const operations = settled(this.network.operations, image, activation);
    return this.real(this.sequence(operations, {kind: "real", x: "images"}));
  }

  private sequence(operations: readonly Operation[], input: OnnxValue): OnnxValue {
    return operations.reduce<OnnxValue>((value, operation) => this.after(value, operation), input);
  }

  private after(value: OnnxValue, operation: Operation): OnnxValue {
    switch (operation.op) {
      case "conv":
        return this.conv(value, operation);
      case "dense":
        return this.dense(value, operation);
      case "batchnorm": {
        const norm = normNamed(this.network, operation.name);
        if (value.kind === "sums" && value.norm === undefined && this.isSigned) return {...value, norm};
        return {kind: "real", x: affine(this.graph, this.real(value), norm, this.perChannel)};
      }
      case "activation":
      case "relu":
        if (isSign(operation, this.network.activation)) return signOf(this.graph, value, this.perChannel);
        return {kind: "real", x: this.graph.node("Relu", [this.real(value)])};
      case "maxpool":
        return this.maxPool(value, operation);
      case "avgpool":
        return this.mean(value);
      case "flatten": {
        const flat = value.kind === "whole" ? value : ({kind: "real", x: this.real(value)} as const);
        this.extent = {...this.extent, flat: true};
        return {...flat, x: this.graph.node("Flatten", [flat.x], {axis: 1})};
      }
      case "residual":
        return this.residual(value, operation);
    }
  }

  private get isSigned(): boolean {
    return this.network.activation === "sign";
  }

  private readonly perChannel: PerChannel = (what, values) => {
    const dims = this.extent.flat ? [1, values.length] : [1, values.length, 1, 1];
    return this.graph.floats(`${what}_${this.constants++}`, dims, Array.from(values));
  };

  private real(value: OnnxValue): string {
    return realOf(this.graph, value, this.perChannel);
  }

  private conv(value: OnnxValue, operation: Of<"conv">): OnnxValue {
    const {name, kernel, stride, pad, filters} = operation;
    const {channels} = this.extent;
    const {layer, ...input} = this.inputOf(value, layerNamed(this.network, name));
    const [h, w] = windowGrid(this.extent, {size: kernel, stride, pad}, name);
    this.extent = {h, w, channels: filters, flat: false};
    const window = {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    };
    const bound = operation.beforeSign ? nearZero(layer) : 0;
    if (this.isSigned && !input.whole) {
      const x = this.orderedConv(input.x, name, layer, window);
      return {kind: "sums", x, whole: false, layer, bound};
    }
    const dims = [filters, channels, kernel, kernel];
    const signs = this.graph.signs(`${name}.signs`, dims, oihwFromHwio(layer.signs, layer.shape));
    const x = this.graph.node("Conv", [input.x, signs], window);
    return {kind: "sums", x, whole: input.whole, layer, bound};
  }

  /** Sums of real inputs in the engines' order: pairs by convolution, added one after the other a block, then the blocks. */
  private orderedConv(
    x: string,
    name: string,
    layer: BinaryLayer,
    window: Readonly<Record<string, readonly number[]>>,
  ): string {
    const [kernel, , channels, filters] = layer.shape;
    const blocks = pairSteps(layer, window.strides[0]);
    const steps = blocks.flat();
    const parts = Math.ceil(steps.length / STEPS_AT_ONCE);
    const terms = Array.from({length: parts}, (_, part) => {
      const own = steps.slice(
        Math.round((part * steps.length) / parts),
        Math.round(((part + 1) * steps.length) / parts),
      );
      const signs = new Int8Array(own.length * own[0].length);
      own.forEach((step, i) => void signs.set(step, i * step.length));
      const dims = [own.length * filters, channels, kernel, kernel];
      const sums = this.graph.node(
        "Conv",
        [x, this.graph.signs(`${name}.pairs.${part}`, dims, signs)],
        window,
      );
      const sizes = this.graph.integers(`${name}.pairs.${part}.sizes`, Array(own.length).fill(filters));
      return this.graph.nodes$("Split", [sums, sizes], own.length, {axis: 1});
    }).flat();
    const sum = (tensors: readonly string[]): string =>
      tensors.reduce((total, term) => this.graph.node("Add", [total, term]));
    return sum(blocks.map(({length}) => sum(terms.splice(0, length))));
  }

  private dense(value: OnnxValue, {name, units}: Of<"dense">): OnnxValue {
    const {h, w, channels} = this.extent;
    const {layer, ...input} = this.inputOf(value, layerNamed(this.network, name));
    const inputs = layer.shape[0];
    if (inputs !== h * w * channels)
      throw new UserError(`layer ${name} has ${inputs} inputs for ${h * w * channels} values`);
    this.extent = {h: 1, w: 1, channels: units, flat: true};
    if (this.isSigned && !input.whole)
      return {
        kind: "sums",
        x: orderedDense(this.graph, input.x, name, stretchesOf(layer, channels)),
        whole: false,
        layer,
        bound: 0,
      };
    const signs = rowsByChannel(layer.signs, layer.shape, channels);
    const stored = this.graph.signs(`${name}.signs`, [inputs, units], signs);
    const x = this.graph.node("MatMul", [input.x, stored]);
    return {kind: "sums", x, whole: input.whole, layer, bound: 0};
  }

  /** A layer's input, and the layer with a gain of at least 0 that takes in the input's unit. */
  private inputOf(value: OnnxValue, layer: BinaryLayer): {x: string; whole: boolean; layer: BinaryLayer} {
    const unit = value.kind === "whole" ? value.unit : 1;
    const gain = Math.fround(layer.gain) * unit;
    const turned =
      gain < 0
        ? {...layer, gain: -gain, signs: Int8Array.from(layer.signs, sign => -sign)}
        : {...layer, gain};
    if (value.kind === "whole") return {x: value.x, whole: true, layer: turned};
    return {x: this.real(value), whole: false, layer: turned};
  }

  private maxPool(value: OnnxValue, operation: Of<"maxpool">): OnnxValue {
    const {size, stride, pad} = operation;
    // max(α·x) = α·max(x) for the gain of at least 0; a batch norm in between may fall, so its values are pooled.
    const kept =
      value.kind === "whole" || (value.kind === "sums" && value.norm === undefined)
        ? value
        : ({kind: "real", x: this.real(value)} as const);
    const [h, w] = windowGrid(this.extent, operation, "max-pooling");
    this.extent = {...this.extent, h, w};
    const x = this.graph.node("MaxPool", [kept.x], {
      kernel_shape: [size, size],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
    return {...kept, x};
  }

  /** The mean over the pixels. Of ±1 the whole sum, where its unit 1/pixels is exact. */
  private mean(value: OnnxValue): OnnxValue {
    const {h, w} = this.extent;
    this.extent = {...this.extent, h: 1, w: 1, flat: true};
    if (value.kind === "whole" && Number.isInteger(Math.log2(h * w))) {
      const axes = this.graph.integers(`axes_${this.constants++}`, [2, 3]);
      const x = this.graph.node("ReduceSum", [value.x, axes], {keepdims: 0});
      return {kind: "whole", x, unit: value.unit / (h * w)};
    }
    const x = this.graph.node("GlobalAveragePool", [this.real(value)]);
    return {kind: "real", x: this.graph.node("Flatten", [x], {axis: 1})};
  }

  private residual(value: OnnxValue, {main, shortcut}: Of<"residual">): OnnxValue {
    // Both branches read it.
    const input: OnnxValue = value.kind === "whole" ? value : {kind: "real", x: this.real(value)};
    const before = this.extent;
    const sums = this.sequence(main, input);
    const after = this.extent;
    this.extent = before;
    const addend = this.sequence(shortcut, input);
    this.extent = after;
    if (sums.kind === "sums" && sums.whole && addend.kind === "whole" && addend.unit === 1)
      return {kind: "added", sums, bits: addend.x};
    const x = this.graph.node("Add", [this.real(sums), this.real(addend)]);
    return {kind: "real", x};
  }
}
