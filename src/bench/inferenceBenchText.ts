import {tableText} from "../report/table";
import type {FirstCallRow, FirstCallTimes} from "./firstCalls";
import type {InferenceBenchReport, InferenceBenchRow, InferenceTiming} from "./inferenceReport";

/** A report for people: what each engine takes, how that compares, and where bits do not win. */
export function inferenceBenchText(report: InferenceBenchReport): string {
  const {baseline, layers, networks, firstCalls, notes, machine} = report;
  const {cpu, node, native, loadBefore} = machine;
  const busy =
    loadBefore > 0.5
      ? `Note: the load average was ${loadBefore.toFixed(1)} at the start; ratios are to be trusted, milliseconds less.`
      : "";
  const lost = [...layers, ...networks].flatMap(row => whereBitsLose(row));
  return [
    `${cpu}, Node ${node}; native: ${native}`,
    `Baseline: ${baseline}. All take turns; ms: the shortest call, and the median; times as fast: the shortest calls, and in brackets the medians, turn by turn.`,
    ...notes.map(line => `Note: ${line}`),
    ...(busy ? [busy] : []),
    ...(layers.length > 0
      ? ["", "3×3 convolutions, NHWC floats in and out, packing and layout included", "", table(layers)]
      : []),
    ...(networks.length > 0 ? ["", "Whole networks, images in, logits out", "", table(networks)] : []),
    ...(firstCalls.length > 0
      ? ["", "The first prediction of a process, one image, ms", "", firstCallTable(firstCalls)]
      : []),
    "",
    "Where bits do not win",
    ...(lost.length > 0 ? lost.map(line => `  ${line}`) : ["  nowhere in this run"]),
    "  Nor in a first layer, which sees real pixels, nor in a dense layer, which reads each weight for one product.",
    "",
  ].join("\n");
}

/** The native rival that a table's last column counts against. */
const isNativeFloat = ({what}: InferenceTiming): boolean =>
  what.startsWith("float32, ONNX Runtime") && !what.includes("WebAssembly");

function table(rows: readonly InferenceBenchRow[]): string {
  const cells = rows.flatMap(({name, batch, baselineMs, baselineMedianMs, timings}) => {
    const native = timings.find(isNativeFloat);
    const cell = (what: string, ms: number, medianMs: number) => ({
      what,
      ms: milliseconds(ms),
      median: milliseconds(medianMs),
      "than native float32": native ? (native.ms / ms).toFixed(1) : "",
    });
    return [
      {...cell(`${name}, batch ${batch}: float32`, baselineMs, baselineMedianMs), "times as fast": ""},
      ...timings.map(({what, ms, medianMs, ratio, ratios}) => ({
        ...cell(`  ${what}`, ms, medianMs),
        "times as fast": `${ratio.toFixed(1)} (${ratios[0].toFixed(1)} to ${ratios[2].toFixed(1)})`,
      })),
    ];
  });
  const right = ["ms", "median", "times as fast", "than native float32"] as const;
  const columns = rows.some(({timings}) => timings.some(isNativeFloat)) ? right : right.slice(0, 3);
  return tableText(cells, ["what", ...columns.map(key => ({key, align: "right"}) as const)]);
}

function firstCallTable(rows: readonly FirstCallRow[]): string {
  const line = (what: string, {load, read, compile, predict, totalMs, spread}: FirstCallTimes) => ({
    what,
    library: Math.round(load),
    file: Math.round(read),
    compile: Math.round(compile),
    predict: Math.round(predict),
    total: Math.round(totalMs),
    from: Math.round(spread[0]),
    to: Math.round(spread[1]),
  });
  return tableText(
    rows.flatMap(({name, ticket, float32}) => [
      line(name, ticket),
      ...(float32 ? [line("  its dense twin, ONNX Runtime", float32)] : []),
    ]),
  );
}

function milliseconds(ms: number): string {
  return ms.toFixed(ms < 10 ? 3 : 1);
}

/** Of one row, a line of each ticket slower than the baseline or than rivals on floats or bytes. */
export function whereBitsLose({name, batch, timings}: InferenceBenchRow): string[] {
  const rivals = timings.filter(({what}) => /^(float32|int8)/.test(what));
  return timings.flatMap(({what, ms, ratio}) => {
    if (!what.startsWith("1/")) return [];
    const where = `${name}, batch ${batch}: ${what} is`;
    if (ratio < 1) return [`${where} slower than the baseline`];
    const faster = rivals.filter(rival => rival.ms < ms);
    if (faster.length === 0) return [];
    const named = faster.map(rival => `${rival.what} (${milliseconds(rival.ms)} ms)`);
    return [`${where} slower than ${named.join(" and ")}`];
  });
}
