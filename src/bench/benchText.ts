import {tableText} from "../report/table";
import type {BenchReport, BenchRow} from "./bench";
import {partNames} from "./parts";

/** A report for people: two tables and what their columns mean. */
export function benchText({peakGflops, rows, machine}: BenchReport): string {
  const {cpu, threads, backend, version, kernels, gemmSize, libraryRssBytes, loadBefore} = machine;
  const busy =
    loadBefore > 0.5
      ? `Note: the load average was ${loadBefore.toFixed(1)} at the start; take these numbers for a busy machine's.\n`
      : "";
  return [
    `${cpu}, ${threads} threads, ${backend} ${version}, ${kernels} kernels: ${gemmSize}³ float32 product at ${peakGflops.toFixed(1)} GFLOP/s`,
    `${busy}\n${speedTable(rows, libraryRssBytes)}`,
    "\nShare of peak: FLOPs of convolutions and dense layers, forward and backward, over the float32 GEMM peak.",
    `\nWhere the time goes, in ms a step (optimiser: with the scores' gradients)\n\n${tableText(rows.map(partCells))}\n`,
  ].join("\n");
}

function speedTable(rows: readonly BenchRow[], libraryRssBytes: number): string {
  const cells = rows.map(row => speedCells(row, libraryRssBytes));
  const columns = Object.keys(cells[0] ?? {}).map((key, i) => ({
    key,
    align: i < 3 ? ("left" as const) : ("right" as const),
  }));
  return tableText(cells, columns);
}

function speedCells(row: BenchRow, libraryRssBytes: number): Record<string, string | number> {
  const {arch, activation, precision, batch, stepMs, imagesPerSecond, shareOfPeak, peakRssBytes} = row;
  return {
    network: arch,
    activation,
    precision,
    batch,
    "ms a step": Number(stepMs.toFixed(1)),
    "images/s": Math.round(imagesPerSecond),
    "share of peak": Number(shareOfPeak.toFixed(3)),
    "peak MB": megabytes(peakRssBytes),
    "beyond the library": megabytes(peakRssBytes - libraryRssBytes),
  };
}

function partCells({arch, activation, precision, parts}: BenchRow): object {
  const cells = partNames.map(part => [part, Number(parts[part].toFixed(1))]);
  return {network: arch, activation, precision, ...Object.fromEntries(cells)};
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
