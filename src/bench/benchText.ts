import {tableText} from "../report/table";
import type {BenchReport, BenchRow} from "./bench";
import {partNames} from "./parts";
import {referenceSetting, referenceStepMs, scaledSpeedup} from "./reference";

/** A report for people: two tables and what their columns mean. */
export function benchText({peakGflops, rows, machine}: BenchReport): string {
  const {cpu, threads, backend, version, kernels, gemmSize, libraryRssBytes, loadBefore} = machine;
  const busy =
    loadBefore > 0.5
      ? `Note: the load average was ${loadBefore.toFixed(1)} at the start; take these numbers for a busy machine's.\n`
      : "";
  return [
    `${cpu}, ${threads} threads, ${backend} ${version}, ${kernels} kernels: ${gemmSize}³ float32 product at ${peakGflops.toFixed(1)} GFLOP/s`,
    `${busy}\n${speedTable(rows, peakGflops, libraryRssBytes)}`,
    "\nShare of peak: FLOPs of convolutions and dense layers, forward and backward, over the float32 GEMM peak.",
    `The reference: ${referenceSetting.about}, where that peak was ${referenceSetting.gemmGflops} GFLOP/s.`,
    `Scaled by the GEMM peaks: reference ms · ${referenceSetting.gemmGflops} / ${peakGflops.toFixed(1)} / ms a step.`,
    `\nWhere the time goes, in ms a step (optimiser: with the scores' gradients)\n\n${tableText(rows.map(partCells))}\n`,
  ].join("\n");
}

function speedTable(rows: readonly BenchRow[], peakGflops: number, libraryRssBytes: number): string {
  const cells = rows.map(row => speedCells(row, peakGflops, libraryRssBytes));
  const columns = Object.keys(cells[0] ?? {}).map((key, i) => ({
    key,
    align: i < 3 ? ("left" as const) : ("right" as const),
  }));
  return tableText(cells, columns);
}

function speedCells(
  row: BenchRow,
  peakGflops: number,
  libraryRssBytes: number,
): Record<string, string | number> {
  const {arch, activation, precision, batch, stepMs, imagesPerSecond, shareOfPeak, peakRssBytes} = row;
  const reference = referenceStepMs(arch, activation, batch);
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
    "reference ms": reference ?? "",
    "times faster, scaled by the GEMM peaks": reference
      ? scaledSpeedup(reference, stepMs, peakGflops).toFixed(2)
      : "",
  };
}

function partCells({arch, activation, precision, parts}: BenchRow): object {
  const cells = partNames.map(part => [part, Number(parts[part].toFixed(1))]);
  return {network: arch, activation, precision, ...Object.fromEntries(cells)};
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
