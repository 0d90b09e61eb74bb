import {BFLOAT16} from "./bfloat16Copies";
import {type Attribute, castHandle, type Handle, type NativeBackend} from "./nativeBackend";

/** Shapes of a convolution NHWC, its filter HWIO, one stride for both directions. */
export interface FilterGradientGeometry {
  readonly x: readonly number[];
  readonly dy: readonly number[];
  readonly filter: readonly number[];
  readonly stride: number;
  /** Zeros as TensorFlow's SAME has them, or how many above, below, left and right. */
  readonly pads: "same" | readonly number[];
}

const BYTES = 2;

/** Bytes of X, the largest temporary. */
export function shiftedBytes({dy, filter}: FilterGradientGeometry): number {
  return BYTES * dy[0] * dy[1] * dy[2] * filter[0] * filter[1] * filter[2];
}

/**
 * Conv2DBackpropFilter as one product dW = Xᵀ · dY in bfloat16. X [batch·h'·w', kh·kw·in] holds, for each output pixel,
 * x at each offset of the filter; dY [batch·h'·w', out]. Takes bfloat16 handles, gives dW HWIO in float32. At small maps
 * with many channels the product runs at the processor's peak, which TensorFlow's own kernel does not.
 */
export function shiftedFilterGradient(
  native: NativeBackend,
  x: number,
  dy: number,
  geometry: FilterGradientGeometry,
): Handle {
  const {binding} = native;
  const owned: number[] = [];
  const own = (id: number): number => {
    owned.push(id);
    return id;
  };
  const ints = (values: number[], shape: number[] = [values.length]): number =>
    own(binding.createTensor(shape, binding.TF_INT32, Int32Array.from(values)));
  const type = (name: string, value: number): Attribute => ({name, type: binding.TF_ATTR_TYPE, value});
  const flag = (name: string, value: boolean): Attribute => ({name, type: binding.TF_ATTR_BOOL, value});
  const int = (name: string, value: number): Attribute => ({name, type: binding.TF_ATTR_INT, value});
  const element = type("T", BFLOAT16);
  const run = (name: string, attributes: Attribute[], inputs: number[]): number =>
    own(binding.executeOp(name, [element, ...attributes], inputs, 1)[0].id);
  const reshape = (id: number, shape: number[]): number =>
    run("Reshape", [type("Tshape", binding.TF_INT32)], [id, ints(shape)]);

  const {dy: out, filter, stride} = geometry;
  const [batch, height, width, filters] = out;
  const [kernelHeight, kernelWidth, channels] = filter;
  try {
    const pads = paddings(geometry);
    const padded = pads.some(p => p > 0)
      ? run("Pad", [type("Tpaddings", binding.TF_INT32)], [x, ints([0, 0, ...pads, 0, 0], [4, 2])])
      : x;
    const strides = ints([1, stride, stride, 1]);
    const masks = ["begin", "end", "ellipsis", "new_axis", "shrink_axis"].map(each => int(`${each}_mask`, 0));
    const shifted: number[] = [];
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++) {
        const end = [batch, i + (height - 1) * stride + 1, j + (width - 1) * stride + 1, channels];
        const inputs = [padded, ints([0, i, j, 0]), ints(end), strides];
        shifted.push(run("StridedSlice", [type("Index", binding.TF_INT32), ...masks], inputs));
      }
    }
    const joined =
      shifted.length === 1
        ? shifted[0]
        : run(
            "ConcatV2",
            [int("N", shifted.length), type("Tidx", binding.TF_INT32)],
            [...shifted, own(binding.createTensor([], binding.TF_INT32, Int32Array.of(3)))],
          );
    const rows = batch * height * width;
    const product = run(
      "MatMul",
      [flag("transpose_a", true), flag("transpose_b", false)],
      [reshape(joined, [rows, kernelHeight * kernelWidth * channels]), reshape(dy, [rows, filters])],
    );
    return castHandle(native, reshape(product, [...filter]), BFLOAT16, binding.TF_FLOAT);
  } finally {
    for (const id of owned) binding.deleteTensor(id);
  }
}

/** Zeros above, below, left and right. */
function paddings({x, dy, filter, stride, pads}: FilterGradientGeometry): readonly number[] {
  if (pads !== "same") return pads;
  return [1, 2].flatMap(axis => {
    const total = Math.max((dy[axis] - 1) * stride + filter[axis - 1] - x[axis], 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}
