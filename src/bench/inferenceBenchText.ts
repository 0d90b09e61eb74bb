import {tableText} from "../report/table";
import type {InferenceBenchReport, InferenceBenchRow} from "./inferenceBench";

/** A report for people: what each engine takes, how that compares, and where bits do not win. */
export function inferenceBenchText({baseline, layers, networks, machine}: InferenceBenchReport): string {
  const {cpu, node, native, loadBefore} = machine;
  const busy =
    loadBefore > 0.5
      ? `Note: the load average was ${loadBefore.toFixed(1)} at the start; ratios are to be trusted, milliseconds less.`
      : "";
  const lost = [...layers, ...networks].flatMap(row => whereBitsLose(row));
  return [
    `${cpu}, Node ${node}; native: ${native}`,
    `Baseline: ${baseline}. The shortest of many calls, all taking turns.`,
    ...(busy ? [busy] : []),
    ...(layers.length > 0
      ? ["", "3×3 convolutions, NHWC floats in and out, packing and layout included", "", table(layers)]
      : []),
    ...(networks.length > 0 ? ["", "Whole networks, images in, logits out", "", table(networks)] : []),
    "",
    "Where bits do not win",
    ...(lost.length > 0 ? lost.map(line => `  ${line}`) : ["  nowhere in this run"]),
    "  Nor in a first layer, which sees real pixels, nor in a dense layer, which reads each weight for one product.",
    "",
  ].join("\n");
}

function table(rows: readonly InferenceBenchRow[]): string {
  const cells = rows.flatMap(({name, batch, baselineMs, timings}) => [
    {what: `${name}, batch ${batch}: float32`, ms: milliseconds(baselineMs), "times as fast": ""},
    ...timings.map(({what, ms, ratio}) => ({
      what: `  ${what}`,
      ms: milliseconds(ms),
      "times as fast": ratio.toFixed(1),
    })),
  ]);
  return tableText(cells, ["what", {key: "ms", align: "right"}, {key: "times as fast", align: "right"}]);
}

function milliseconds(ms: number): string {
  return ms.toFixed(ms < 10 ? 3 : 1);
}

/** Of one row, a line of each engine slower than the baseline or than the native library. */
export function whereBitsLose({name, batch, timings}: InferenceBenchRow): string[] {
  const native = timings.find(({what}) => what.startsWith("float32"));
  return timings.flatMap(({what, ms, ratio}) => {
    if (what.startsWith("float32")) return [];
    const where = `${name}, batch ${batch}: ${what} is`;
    if (ratio < 1) return [`${where} slower than the baseline`];
    if (native && native.ms < ms)
      return [`${where} slower than ${native.what} (${milliseconds(native.ms)} ms)`];
    return [];
  });
}
