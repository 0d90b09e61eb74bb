import assert from "node:assert/strict";
import {describe, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {readBack} from "../../../src/backend/readBack";
import {dispatch} from "../../../src/backend/webgpu/dispatch";
import {matrixFactor} from "../../../src/backend/webgpu/matMul";
import {type Product, sumOfParts, tiledProduct, tiles} from "../../../src/backend/webgpu/product";
import {webgpuBackend} from "../../../src/backend/webgpu/read";
import {normal} from "../operations";
import {onWebgpu} from "./adapter";

type Matrix = (row: number, column: number) => number;

/** A[rows, terms] · B[terms, columns] in doubles. */
function slowProduct(rows: number, terms: number, columns: number, a: Matrix, b: Matrix): Float64Array {
  const c = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < terms; k++) for (let j = 0; j < columns; j++) c[i * columns + j] += a(i, k) * b(k, j);
  return c;
}

/** The largest error over the largest value. */
function errorOf(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(found.length, expected.length);
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i]);
    worst = error <= worst ? worst : error;
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return worst / largest;
}

async function runTiled(
  product: Product,
  tile: (typeof tiles)[number],
  a: tf.Tensor,
  b: tf.Tensor,
): Promise<tf.TypedArray> {
  const backend = webgpuBackend();
  const {code, groups, parts} = tiledProduct(product, tile);
  const size = product.rows * product.columns;
  const partial = backend.makeTensorInfo([parts, size], "float32");
  dispatch(backend, {name: "tiles", code, tensors: [a, b, partial], groups});
  const sum = backend.makeTensorInfo([size], "float32");
  dispatch(backend, {name: "sum", ...sumOfParts(parts, size), tensors: [partial, sum]});
  const tensors = [partial, sum].map(({dataId, shape}) =>
    tf.engine().makeTensorFromDataId(dataId, shape, "float32", backend),
  );
  await readBack(tensors);
  const values = tensors[1].dataSync();
  tf.dispose(tensors);
  return values;
}

describe("tiled products", () => {
  test("every tile gives the product, at sizes that fill it and that do not, in one part and in many", async t => {
    if (!(await onWebgpu(t))) return;
    for (const [rows, terms, columns] of [
      [130, 37, 131],
      [128, 1100, 128],
      [3, 5, 2],
    ]) {
      const [a, b] = [normal(rows * terms, "a"), normal(terms * columns, "b")];
      const expected = slowProduct(
        rows,
        terms,
        columns,
        (i, k) => a[i * terms + k],
        (k, j) => b[k * columns + j],
      );
      const product = {
        rows,
        columns,
        terms,
        a: matrixFactor("a", {across: rows, along: terms, acrossLast: false}),
        b: matrixFactor("b", {across: columns, along: terms, acrossLast: true}),
      };
      const [x, y] = [tf.tensor1d(a), tf.tensor1d(b)];
      for (const tile of tiles) {
        const error = errorOf(await runTiled(product, tile, x, y), expected);
        assert.ok(error < 1e-6, `${rows}×${terms}×${columns} by ${tile.down}×${tile.across}: ${error}`);
      }
      tf.dispose([x, y]);
    }
  });

  test("a matrix product is that of doubles, whichever factor is transposed", async t => {
    if (!(await onWebgpu(t))) return;
    const [rows, terms, columns] = [33, 70, 18];
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const [a, b] = [normal(rows * terms, "a"), normal(terms * columns, "b")];
        const expected = slowProduct(
          rows,
          terms,
          columns,
          (i, k) => a[transposeA ? k * rows + i : i * terms + k],
          (k, j) => b[transposeB ? j * terms + k : k * columns + j],
        );
        const x = tf.tensor2d(a, transposeA ? [terms, rows] : [rows, terms]);
        const y = tf.tensor2d(b, transposeB ? [columns, terms] : [terms, columns]);
        const c = tf.matMul(x, y, transposeA, transposeB);
        assert.ok(errorOf(await c.data(), expected) < 1e-6, `${transposeA}, ${transposeB}`);
        tf.dispose([x, y, c]);
      }
  });
});

type Sizes = readonly [
  batch: number,
  side: number,
  inputs: number,
  outputs: number,
  filter: number,
  stride: number,
];

/** y, dw and dx of a convolution with padding SAME, each product in doubles. */
function slowConvolution(
  [n, side, inputs, outputs, f, stride]: Sizes,
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
) {
  const c = tf.backend_util.computeConv2DInfo(
    [n, side, side, inputs],
    [f, f, inputs, outputs],
    stride,
    1,
    "same",
  );
  const y = new Float64Array(dy.length);
  const dw = new Float64Array(w.length);
  const dx = new Float64Array(x.length);
  for (let image = 0; image < n; image++)
    for (let i = 0; i < c.outHeight; i++)
      for (let j = 0; j < c.outWidth; j++)
        for (let a = 0; a < f; a++)
          for (let b = 0; b < f; b++) {
            const [row, column] = [i * stride + a - c.padInfo.top, j * stride + b - c.padInfo.left];
            if (row < 0 || row >= side || column < 0 || column >= side) continue;
            for (let k = 0; k < inputs; k++)
              for (let o = 0; o < outputs; o++) {
                const atX = ((image * side + row) * side + column) * inputs + k;
                const atW = ((a * f + b) * inputs + k) * outputs + o;
                const atY = ((image * c.outHeight + i) * c.outWidth + j) * outputs + o;
                y[atY] += x[atX] * w[atW];
                dw[atW] += x[atX] * dy[atY];
                dx[atX] += dy[atY] * w[atW];
              }
          }
  return {y, dw, dx};
}

test("a convolution and both its gradients are those of doubles, at every kind of shape that networks have", async t => {
  if (!(await onWebgpu(t))) return;
  const shapes: readonly Sizes[] = [
    [2, 8, 3, 16, 3, 1],
    [3, 7, 4, 6, 3, 1],
    [2, 9, 5, 7, 3, 2],
    [2, 8, 8, 12, 1, 2],
    [1, 11, 6, 66, 5, 2],
    [1, 13, 1, 8, 7, 2],
    [4, 6, 20, 68, 3, 1],
  ];
  for (const sizes of shapes) {
    const [n, side, inputs, outputs, f, stride] = sizes;
    const out = Math.ceil(side / stride);
    const [x, w] = [normal(n * side * side * inputs, "x"), normal(f * f * inputs * outputs, "w")];
    const dy = normal(n * out * out * outputs, "dy");
    const expected = slowConvolution(sizes, x, w, dy);
    const [tx, tw] = [tf.tensor4d(x, [n, side, side, inputs]), tf.tensor4d(w, [f, f, inputs, outputs])];
    const tdy = tf.tensor4d(dy, [n, out, out, outputs]);
    const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, "same");
    const y = tf.tidy(() => convolve(tx, tw));
    const [dx, dw] = tf.grads(convolve)([tx, tw], tdy);
    await readBack([y, dx, dw]);
    for (const [what, found, right] of [
      ["y", y, expected.y],
      ["dx", dx, expected.dx],
      ["dw", dw, expected.dw],
    ] as const) {
      const error = errorOf(found.dataSync(), right);
      assert.ok(error < 2e-6, `${what} at ${sizes}: ${error}`);
    }
    tf.dispose([tx, tw, tdy, y, dx, dw]);
  }
});
