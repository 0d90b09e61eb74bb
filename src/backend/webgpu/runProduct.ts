import type * as tf from "@tensorflow/tfjs";
import type {WebgpuBackend} from "./device";
import {dispatch} from "./dispatch";
import {type Product, sumOfParts, tiledProduct} from "./product";

/** Computes C = A·B into a new tensor; a second pass adds parts, if the product was taken in parts. */
export function runProduct(
  backend: WebgpuBackend,
  name: string,
  [a, b]: readonly [tf.TensorInfo, tf.TensorInfo],
  shape: number[],
  product: Product,
): tf.TensorInfo {
  const {code, groups, parts} = tiledProduct(product);
  const n = product.rows * product.columns;
  const result = backend.makeTensorInfo(shape, "float32");
  if (parts === 1) {
    dispatch(backend, {name, code, tensors: [a, b, result], groups});
    return result;
  }
  const partial = backend.makeTensorInfo([parts, n], "float32");
  dispatch(backend, {name, code, tensors: [a, b, partial], groups});
  dispatch(backend, {
    name: `${name} (sum of parts)`,
    ...sumOfParts(parts, n),
    tensors: [partial, result],
  });
  backend.disposeData(partial.dataId);
  return result;
}
