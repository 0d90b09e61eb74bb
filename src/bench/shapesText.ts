import type {Column} from "../report/table";
import {tableText} from "../report/table";
import type {ShapeRow, ShapesReport} from "./shapesReport";

type Cells = Record<string, string>;

/** Each shape's speed, the worst shares of the peak last. */
export function shapesText({machine, batch, rows}: ShapesReport): string {
  const cells = sorted(rows).map(row => ({
    ...described(row),
    layers: String(row.layers),
    ms: row.ms.toFixed(2),
    "GFLOP/s": row.gflops.toFixed(0),
    "share of peak": row.shareOfPeak.toFixed(2),
    "of bandwidth": row.shareOfBandwidth.toFixed(2),
  }));
  return `${machineLine(machine)} · batch ${batch}\n\n${table(cells)}\n`;
}

/** Two records side by side, what both have. */
export function comparedText(first: ShapesReport, second: ShapesReport): string {
  const others = new Map(second.rows.map(row => [keyOf(row), row]));
  const cells = sorted(first.rows).flatMap(row => {
    const other = others.get(keyOf(row));
    if (!other) return [];
    return {
      ...described(row),
      "first, ms": row.ms.toFixed(2),
      "second, ms": other.ms.toFixed(2),
      "first / second": (row.ms / other.ms).toFixed(2),
      "first, of peak": row.shareOfPeak.toFixed(2),
      "second, of peak": other.shareOfPeak.toFixed(2),
    };
  });
  return `first: ${machineLine(first.machine)}\nsecond: ${machineLine(second.machine)}\n\n${table(cells)}\n`;
}

function machineLine({
  cpu,
  features,
  threads,
  version,
  kernels,
  gemmGflops,
  bandwidth,
  loadBefore,
}: ShapesReport["machine"]): string {
  const peaks = Object.entries(gemmGflops).map(([precision, peak]) => `${precision} ${peak.toFixed(0)}`);
  const wide = features.filter(each => /^(avx2|avx512f|avx512_bf16|amx_bf16)$/.test(each)).join(" ");
  return `${cpu} (${wide}), ${threads} threads, TensorFlow ${version}, ${kernels} kernels; GEMM in GFLOP/s: ${peaks.join(", ")}; ${bandwidth.toFixed(1)} GB/s; load average before: ${loadBefore.toFixed(1)}`;
}

function sorted(rows: readonly ShapeRow[]): ShapeRow[] {
  return [...rows].sort((a, b) => b.shareOfPeak - a.shareOfPeak);
}

function keyOf({input, outputs, kernel, stride, pad, dense, direction, precision}: ShapeRow): string {
  return JSON.stringify([input, outputs, kernel, stride, pad, dense, direction, precision]);
}

function described({input, outputs, kernel, stride, dense, direction, precision}: ShapeRow): Cells {
  const shape = dense
    ? `dense ${input[2]} to ${outputs}`
    : `${kernel}×${kernel}${stride === 1 ? "" : ` / ${stride}`}, ${input.join("×")} to ${outputs}`;
  return {shape, direction, precision};
}

function table(cells: readonly Cells[]): string {
  const columns = Object.keys(cells[0] ?? {}).map(
    (key, i): Column<Cells> => ({key, align: i < 3 ? "left" : "right"}),
  );
  return tableText(cells, columns);
}
