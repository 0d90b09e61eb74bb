import {counted} from "../../report/numbers";
import type {Columns} from "../../report/table";
import type {Experiment} from "../define/experiment";
import {
  citationText,
  type Published,
  publishedRow,
  publishedRows,
  publishedText,
  sourceText,
} from "../records/published";
import {publishedBeside, publishedName} from "./beside";
import {accuracyText, type Found, type MeanRow, meansOverSeeds, resultRow} from "./rows";

/** A published number, and whose it is, of what run and where it was seen. */
export interface Cited {
  readonly text: string;
  readonly citation: string;
}

/** One line of a table of ours beside the published. */
export interface ComparedRow {
  readonly what: string;
  readonly percentPruned: number;
  readonly weights: number;
  readonly kept: number;
  readonly ours: string;
  /** Seeds that `ours` is the mean of. */
  readonly runs: number;
  readonly budget: string;
  /** Every published number beside it. */
  readonly cited: readonly Cited[];
  /** The same in one line: numbers, and citations. */
  readonly published: string;
  readonly source: string;
}

/** The columns of ours beside the published numbers. */
export const comparedColumns: Columns<ComparedRow> = [
  {key: "what", title: "network"},
  {key: "percentPruned", title: "pruned (%)"},
  {key: "kept", title: "weights kept"},
  {key: "ours", title: "ours, test accuracy (%)", align: "right"},
  {key: "budget", title: "measured on"},
  {key: "published", title: "published (%)", align: "right"},
  {key: "source", title: "source of the published number"},
];

/**
 * Every setting of an experiment once, seeds taken together, beside the published rows that it names, where those are of
 * the data set that it was measured on.
 */
export function comparedRows(found: readonly Found[]): ComparedRow[] {
  const rows = found.map(resultRow);
  const curves = [...new Set(rows.map(row => row.curve))];
  const place = ({curve, x}: MeanRow): [number, number] => [curves.indexOf(curve), Number(x) || 0];
  const sorted = meansOverSeeds(rows).sort((a, b) => {
    const [[c, x], [d, y]] = [place(a), place(b)];
    return c - d || x - y;
  });
  return sorted.map((mean): ComparedRow => {
    const own = rows.findIndex(row => row.curve === mean.curve && row.x === mean.x);
    const {percentPruned, weights, kept, epochs, data} = rows[own];
    const cited = publishedBeside(found[own]).map(row => ({
      text: publishedText(row),
      citation: citationText(row),
    }));
    return {
      what: mean.label,
      percentPruned,
      weights,
      kept,
      ours: accuracyText(mean),
      runs: mean.runs,
      budget: data === null ? "" : `${data}, ${counted(epochs, "epoch")}`,
      cited,
      published: cited.map(({text}) => text).join("; "),
      source: cited.map(({citation}) => citation).join("; "),
    };
  });
}

/** A published number of another method. */
export interface OtherRow {
  readonly method: string;
  readonly model: string;
  readonly accuracy: string;
  readonly source: string;
}

/** Other methods' numbers as published, best first; those only recalled are marked. */
export function otherRows(fits: (row: Published) => boolean): OtherRow[] {
  return publishedRows(fits, {recalled: true})
    .sort((a, b) => b.top1 - a.top1)
    .map(row => ({
      method: row.method,
      model: row.model ?? "not named",
      accuracy: publishedText(row),
      source: sourceText(row),
    }));
}

/** Those that belong into an experiment's table, of the data set that it is run on; undefined where there are none. */
export function otherRowsOf(
  {others}: Experiment,
  found: readonly Found[],
): {dataset: string; rows: OtherRow[]} | undefined {
  const [dataset] = [...new Set(found.flatMap(each => publishedName(each) ?? []))];
  if (others === undefined || dataset === undefined) return undefined;
  return {dataset, rows: otherRows(row => row.dataset === dataset && others(row))};
}

/** What has to be known of the published rows beside an experiment: misprints, and how derived ones came about. */
export function sourceNotes(found: readonly Found[]): string[] {
  const ids = [...new Set(found.flatMap(each => publishedBeside(each).map(({id}) => id)))];
  return ids.flatMap(id => {
    const {model, method, misprint, derived, source} = publishedRow(id);
    const note = misprint ?? (derived ? source.note : undefined);
    return note ? [`${model}, ${method}: ${note}`] : [];
  });
}
