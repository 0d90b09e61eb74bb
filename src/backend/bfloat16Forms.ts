import type * as tf from "@tensorflow/tfjs";
import {BFLOAT16, type Bfloat16Copies} from "./bfloat16Copies";
import {float32Handle, int16Run} from "./convolution";
import {castHandle, type Handle, type NativeBackend, type NativeCall, typedAs} from "./nativeBackend";
import {shiftedBytes, shiftedFilterGradient} from "./shiftedFilterGradient";

/**
 * `bfloat16` runs the operation on bfloat16 copies, sums within it in float32, and its result back as float32.
 * `bfloat16-shifted` is a filter gradient as one matrix product over the shifted inputs.
 * `winograd-int16` takes Winograd's products in whole numbers of 16 bits between float32 transforms, which rounds less
 * than bfloat16 does; a convolution and its input's gradient need filters of 0 and ±α for it, and with others compute
 * in float32. `int16` does so without filtering: 1×1 convolutions at stride 2.
 */
export type Form = "float32" | "bfloat16" | "bfloat16-shifted" | "winograd-int16" | "int16";

/** Runs a form; a float32 handle comes out. */
export type FormRun = (copies: Bfloat16Copies) => Handle;

/** Largest temporary that a form may need. */
const MOST_BYTES = 2 ** 28;

/** The forms that can serve a call, the plain one first. */
export function formsOf(
  native: NativeBackend,
  call: NativeCall,
  attrs: tf.NamedAttrMap,
): Partial<Record<Form, FormRun>> {
  const {binding} = native;
  const {name, attributes, tensors} = call;
  const forms: Partial<Record<Form, FormRun>> = {
    float32: () => float32Handle(native, call),
    bfloat16: copies => {
      const ids = tensors.map(tensor =>
        tensor.dtype === "float32" ? copies.of(tensor) : native.getInputTensorIds([tensor])[0],
      );
      const [narrow] = binding.executeOp(name, typedAs(attributes, BFLOAT16), ids, 1);
      const result = castHandle(native, narrow.id, BFLOAT16, binding.TF_FLOAT);
      binding.deleteTensor(narrow.id);
      return result;
    },
  };
  const int16 = int16Run(native, call);
  if (int16) forms[int16.filtered ? "winograd-int16" : "int16"] = int16.run;
  if (name === "Conv2DBackpropFilter") {
    const [x, , dy] = tensors;
    const geometry = {
      x: x.shape,
      dy: dy.shape,
      filter: attrs.filterShape as number[],
      stride: (attributeOf(call, "strides") as number[])[1],
      pads: padsOf(call),
    };
    if (attributeOf(call, "data_format") === "NHWC" && shiftedBytes(geometry) <= MOST_BYTES) {
      forms["bfloat16-shifted"] = copies =>
        shiftedFilterGradient(native, copies.of(x), copies.of(dy), geometry);
    }
  }
  return forms;
}

/** What a call's time depends on, such as "Conv2D 128x16x16x64 3x3x64x128 1,1,1,1 SAME". */
export function keyOf(call: NativeCall, attrs: tf.NamedAttrMap): string {
  const shapes = call.tensors.filter(({dtype}) => dtype === "float32").map(({shape}) => shape.join("x"));
  const result = (attrs.filterShape ?? attrs.inputShape) as number[] | undefined;
  const rest = ["strides", "padding", "adj_x", "adj_y"]
    .map(attribute => attributeOf(call, attribute))
    .filter(value => value !== undefined);
  return [call.name, ...shapes, ...(result ? ["to", result.join("x")] : []), ...rest].join(" ");
}

/** Zeros of a convolution: SAME, or how many above, below, left and right. */
function padsOf(call: NativeCall): "same" | number[] {
  const padding = attributeOf(call, "padding");
  if (padding === "SAME") return "same";
  return padding === "EXPLICIT"
    ? (attributeOf(call, "explicit_paddings") as number[]).slice(2, 6)
    : [0, 0, 0, 0];
}

function attributeOf({attributes}: NativeCall, name: string): unknown {
  return attributes.find(each => each.name === name)?.value;
}
