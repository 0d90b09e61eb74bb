import {architectures} from "../../network/architectures";
import {counted, formatNumber} from "../../report/numbers";
import {rows as settingRows, settingValue} from "../../search/settings";
import type {SearchSpec} from "../../search/spec";
import {settingWord} from "../define/settingWords";
import type {RunRecord} from "../records/record";
import {type Found, meansOverSeeds, resultRow} from "./rows";

/** A line of what a table's numbers are. */
export interface AboutRow {
  readonly what: string;
  readonly is: string;
}

/** How many seeds each row of a table has, and what ± is then. */
export function seedsText(runs: readonly number[]): string {
  const counts = [...new Set(runs.filter(n => n > 0))].sort((a, b) => a - b);
  if (counts.length === 0) return "no seed yet";
  if (counts.at(-1) === 1) return "one seed, so no spread is known";
  const sd = "± is the standard deviation over seeds (n − 1)";
  if (counts.length === 1) return `mean of ${counted(counts[0], "seed")}; ${sd}`;
  return `mean over seeds, ${counts[0]} to ${counts.at(-1)} of them; ${sd}`;
}

/**
 * What a report's reader has to know besides its numbers: networks, pictures, seeds, what is varied and what all cells
 * share, when, by which program and on which machine it was measured.
 */
export function aboutRows(found: readonly Found[]): AboutRow[] {
  const records = found.flatMap(({record}) => record ?? []);
  const specs = found.map(({cell, record}) => record?.spec ?? cell.spec);
  const seeds = [...new Set(specs.map(({seed}) => seed))].sort((a, b) => a - b);
  const runs = meansOverSeeds(found.map(resultRow)).map(row => row.runs);
  const {varied, fixed} = settingsOf(specs);
  const rows = [
    {what: "networks", is: each(specs.map(networkText))},
    {what: "images", is: each(records.map(imagesText), "; ")},
    {what: "epochs", is: each([...specs].sort((a, b) => a.epochs - b.epochs).map(spec => `${spec.epochs}`))},
    {what: "seeds", is: `${seeds.join(", ")}: ${seedsText(runs)}`},
    {what: "varied", is: varied.join("; ")},
    {what: "kept fixed", is: fixed.join("; ")},
    {
      what: "measured",
      is: records.length === 0 ? "" : `${counted(records.length, "run")}, ${datesText(records)}`,
    },
    {what: "commit", is: each(records.map(commitText))},
    {what: "machine", is: each(records.map(machineText), "; ")},
  ];
  return rows.filter(({is}) => is !== "");
}

function each(texts: readonly string[], between = ", "): string {
  return [...new Set(texts)].join(between);
}

function networkText({arch, width}: SearchSpec): string {
  return `${architectures[arch].title}${width === 1 ? "" : ` ×${width}`}`;
}

function imagesText({data: {name, trainImages, testImages}}: RunRecord): string {
  return `${name}: ${formatNumber(trainImages)} to train on, ${formatNumber(testImages)} to test on`;
}

function datesText(records: readonly RunRecord[]): string {
  const days = records.map(({finished}) => finished.slice(0, 10)).sort();
  return days[0] === days.at(-1) ? days[0] : `${days[0]} to ${days.at(-1)}`;
}

function commitText({provenance: {commit, dirty, version}}: RunRecord): string {
  return `${commit.slice(0, 8)}${dirty ? " with changes" : ""} (version ${version})`;
}

function machineText({machine, provenance: {node}}: RunRecord): string {
  const {backend, version, threads, cpu, precision} = machine;
  return `${cpu}, ${counted(threads, "thread")}, ${backend} ${version}, ${precision}, Node ${node}`;
}

/** Settings in which the cells differ, with their values, and those that all share; network and length have lines of their own. */
function settingsOf(specs: readonly SearchSpec[]): {varied: string[]; fixed: string[]} {
  const told = ["arch", "width", "epochs"];
  const lines = settingRows.flatMap(({path}) => {
    const values = [...new Set(specs.map(spec => textAt(spec, path)))];
    if (values.every(value => value === undefined)) return [];
    const sorted = values.every(value => Number.isFinite(Number(value)))
      ? values.sort((a, b) => Number(a) - Number(b))
      : values;
    const text = sorted.map(value => value ?? "not given").join(", ");
    if (path === "seed" || (values.length === 1 && told.includes(path))) return [];
    return [{several: values.length > 1, text: `${settingWord(path)} ${text}`}];
  });
  const of = (several: boolean): string[] =>
    lines.filter(line => line.several === several).map(({text}) => text);
  return {varied: of(true), fixed: of(false)};
}

function textAt(spec: SearchSpec, path: string): string | undefined {
  const value = settingValue(spec, path);
  return value === undefined || value === null ? undefined : String(value);
}
