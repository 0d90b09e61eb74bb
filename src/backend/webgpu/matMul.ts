import type * as tf from "@tensorflow/tfjs";
import type {WebgpuBackend} from "./device";
import type {Factor} from "./product";
import {runProduct} from "./runProduct";

/** A factor that is a matrix [across, along] or, `transposed`, [along, across], at a binding. */
export function matrixFactor(
  name: "a" | "b",
  {across, along, acrossLast}: {across: number; along: number; acrossLast: boolean},
): Factor {
  const binding = name === "a" ? 0 : 1;
  if (!acrossLast) {
    return {
      contiguous: "along",
      load: `
@group(0) @binding(${binding}) var<storage, read> ${name}: array<f32>;
fn ${name}At(across: u32) -> vec3<i32> { return vec3<i32>(select(-1, i32(across * ${along}u), across < ${across}u), 0, 0); }
fn ${name}1(at: vec3<i32>, along: u32) -> f32 {
  if (at.x < 0) { return 0.0; }
  return ${name}[u32(at.x) + along];
}`,
    };
  }
  const whole = across % 4 === 0;
  return {
    contiguous: "across",
    load: `
@group(0) @binding(${binding}) var<storage, read> ${name}: array<${whole ? "vec4<f32>" : "f32"}>;
fn ${name}4(along: u32, across: u32) -> vec4<f32> {
${
  whole
    ? `  if (across >= ${across}u) { return vec4<f32>(); }
  return ${name}[(along * ${across}u + across) / 4u];`
    : fourOf(name, `along * ${across}u + across`, `across`, across)
}
}`,
  };
}

/** Four neighbours from `at` on, 0 from index `size` of `across` on. */
export function fourOf(name: string, at: string, across: string, size: number): string {
  return `  var four = vec4<f32>();
  for (var i = 0u; i < 4u; i++) { if (${across} + i < ${size}u) { four[i] = ${name}[${at} + i]; } }
  return four;`;
}

/**
 * A·B of matrices, either transposed: sums in one order, so that two runs agree to the last bit. (The backend's own
 * splits long sums and adds the parts as they come.)
 */
export function matMul(
  backend: WebgpuBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  {transposeA, transposeB}: {readonly transposeA: boolean; readonly transposeB: boolean},
  shape: number[],
): tf.TensorInfo {
  const [p, q] = a.shape.slice(-2);
  const [rows, terms] = transposeA ? [q, p] : [p, q];
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  return runProduct(backend, "MatMul", [a, b], shape, {
    rows,
    columns,
    terms,
    a: matrixFactor("a", {across: rows, along: terms, acrossLast: transposeA}),
    b: matrixFactor("b", {across: columns, along: terms, acrossLast: !transposeB}),
  });
}
