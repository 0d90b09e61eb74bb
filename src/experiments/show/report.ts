import type {Figure} from "../../report/figure";
import {escapeHtml, figureHtml} from "../../report/html";
import {captionedLatex} from "../../report/latex";
import {figureSvg} from "../../report/static";
import {type Column, type Columns, tableHtml, tableMarkdown} from "../../report/table";
import type {Experiment} from "../define/experiment";
import {type Published, publishedRow, publishedRows, publishedText, sourceText} from "../records/published";
import {accuracyFigure} from "./accuracyFigure";
import {stepFigure} from "./moveFigure";
import {accuracyText, type Found, type MeanRow, meansOverSeeds, type ResultRow, resultRow} from "./rows";
import {sizeFigure} from "./sizeFigure";
import {unrecorded} from "./unrecorded";

/** One line of a table of ours beside the published. */
export interface ComparedRow {
  readonly what: string;
  readonly percentPruned: number;
  readonly weights: number;
  readonly kept: number;
  readonly ours: string;
  readonly budget: string;
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

/** A user's own experiment stands beside nothing that was published. */
function columnsOf({file}: Experiment): Columns<ComparedRow> {
  return file === undefined ? comparedColumns : comparedColumns.slice(0, -2);
}

/** Every setting of an experiment once, seeds taken together, beside the published row it names. */
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
    const {published: id} = found[own].cell;
    const published = id === undefined ? undefined : publishedRow(id);
    return {
      what: mean.label,
      percentPruned,
      weights,
      kept,
      ours: accuracyText(mean),
      budget: data === null ? "" : `${data}, ${epochs} ${epochs === 1 ? "epoch" : "epochs"}`,
      published: published ? publishedText(published) : "",
      source: published ? sourceText(published) : "",
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

/** What has to be known of the published rows beside an experiment: misprints, and how derived ones came about. */
export function sourceNotes(found: readonly Found[]): string[] {
  const ids = [...new Set(found.flatMap(({cell}) => cell.published ?? []))];
  return ids.flatMap(id => {
    const {model, method, misprint, derived, source} = publishedRow(id);
    const note = misprint ?? (derived ? source.note : undefined);
    return note ? [`${model}, ${method}: ${note}`] : [];
  });
}

/** A part of a Markdown report. */
export function reportMarkdown(experiment: Experiment, found: readonly Found[]): string {
  const {title, question, others} = experiment;
  const notes = sourceNotes(found).map(note => `- ${note}`);
  const parts = [
    `## ${title}`,
    question,
    unrecorded(experiment, found) ?? "",
    tableMarkdown(comparedRows(found), columnsOf(experiment)),
    notes.length > 0 ? `Notes on the published numbers:\n\n${notes.join("\n")}` : "",
    others ? `Others, as published:\n\n${tableMarkdown(otherRows(others))}` : "",
  ];
  return parts.filter(part => part !== "").join("\n\n");
}

/**
 * The same as a LaTeX table that fits a page's width: what all of it was measured on stands in the caption, and sources are
 * numbered notes below. It needs \\usepackage{booktabs}, and longtable where there are many rows.
 */
export function reportLatex(experiment: Experiment, found: readonly Found[]): string {
  const {name, title, question} = experiment;
  const rows = comparedRows(found);
  const [sources, budgets] = (["source", "budget"] as const).map(key => distinct(rows.map(row => row[key])));
  const columns: Column<ComparedRow>[] = [
    {key: "what", title: "network"},
    {key: "percentPruned", title: "pruned"},
    {key: "kept", title: "weights kept"},
    {key: "ours", title: sources.length > 0 ? "ours" : "accuracy", align: "right"},
    ...(budgets.length > 1 ? [{key: "budget", title: "measured on"} as const] : []),
    ...(sources.length > 0 ? [{key: "published", title: "published", align: "right"} as const] : []),
  ];
  const marked = rows.map(row => ({
    ...row,
    published: row.source === "" ? "" : `${row.published} ${superscript(sources.indexOf(row.source) + 1)}`,
  }));
  const measured = `Pruned weights and test accuracy in %${budgets.length === 1 ? `, measured on ${budgets[0]}` : ""}.`;
  return captionedLatex(marked, columns, {
    caption: `${title}. ${question}`.trim().concat(` ${measured}`),
    label: name,
    notes: [
      ...sources.map((source, i) => `${superscript(i + 1)} ${source}`),
      unrecorded(experiment, found) ?? "",
      ...sourceNotes(found),
    ].filter(note => note !== ""),
  });
}

/** What there is but "", each once. */
function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(text => text !== "");
}

function superscript(n: number): string {
  return [...String(n)].map(digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
}

/** The same as HTML, with the figure. */
export async function reportHtml(experiment: Experiment, found: readonly Found[]): Promise<string> {
  const {title, question, others, name} = experiment;
  const figure = figureOf(experiment, found);
  const notes = sourceNotes(found).map(note => `<li>${note}</li>`);
  const parts = [
    `<h2>${escapeHtml(title)}</h2>`,
    question === "" ? "" : `<p>${escapeHtml(question)}</p>`,
    figureHtml(figure, `figure-${name}`, figure.data.length > 0 ? await figureSvg(figure) : undefined),
    tableHtml(comparedRows(found), columnsOf(experiment)),
    notes.length > 0 ? `<p>Notes on the published numbers:</p><ul>${notes.join("")}</ul>` : "",
    others ? `<p>Others, as published:</p>${tableHtml(otherRows(others))}` : "",
  ];
  return parts.filter(part => part !== "").join("\n");
}

/** The figure that an experiment is drawn as. */
export function figureOf(experiment: Experiment, found: readonly Found[]): Figure {
  if (experiment.file !== undefined) return accuracyFigure(experiment, found);
  if (experiment.name === "overview") return sizeFigure(experiment, found);
  if (experiment.name === "pilot") return stepFigure(experiment, found);
  return accuracyFigure(experiment, found);
}

/** Every cell as a line of comma-separated values; a value that is not there is empty. */
export function reportCsv(experiment: Experiment, found: readonly Found[]): string {
  const rows = found.map(each => ({experiment: experiment.name, ...resultRow(each)}));
  const keys = Object.keys(rows[0] ?? {}) as (keyof ResultRow)[];
  return [keys, ...rows.map(row => keys.map(key => row[key]))]
    .map(line => line.map(csvCell).join(","))
    .join("\n");
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
