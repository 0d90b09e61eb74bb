import type {Figure} from "../../report/figure";
import {escapeHtml, figureHtml, scrollingHtml} from "../../report/html";
import {captionedLatex} from "../../report/latex";
import {figureSvg} from "../../report/static";
import {type Column, tableHtml, tableMarkdown} from "../../report/table";
import type {Experiment} from "../define/experiment";
import {sourceText} from "../records/published";
import {aboutRows, seedsText} from "./about";
import {accuracyFigure} from "./accuracyFigure";
import {publishedBeside} from "./beside";
import {type ComparedRow, comparedRows, otherRowsOf, sourceNotes} from "./compared";
import {stepFigure} from "./moveFigure";
import {type Found, type ResultRow, resultRow} from "./rows";
import {sizeFigure} from "./sizeFigure";
import {unrecorded} from "./unrecorded";

/** A report's table: what is cited in it is numbered, and each citation stands once below it. */
interface Numbered {
  readonly rows: readonly ComparedRow[];
  readonly columns: readonly Column<ComparedRow>[];
  readonly citations: readonly string[];
  /** What ours was measured on, where it is one thing. */
  readonly budgets: readonly string[];
}

/** Published numbers have a column where there are any; seeds where not every row has as many. */
function numbered(found: readonly Found[]): Numbered {
  const rows = comparedRows(found);
  const citations = distinct(rows.flatMap(({cited}) => cited.map(({citation}) => citation)));
  const budgets = distinct(rows.map(({budget}) => budget));
  const runs = new Set(rows.flatMap(row => (row.runs > 0 ? [row.runs] : [])));
  return {
    rows: rows.map(row => ({
      ...row,
      published: row.cited
        .map(({text, citation}) => `${text} ${superscript(citations.indexOf(citation) + 1)}`)
        .join("; "),
    })),
    columns: [
      {key: "what", title: "setting"},
      {key: "percentPruned", title: "pruned (%)"},
      {key: "kept", title: "weights kept"},
      {key: "ours", title: "ours, test accuracy (%)", align: "right"},
      ...(runs.size > 1 ? [{key: "runs", title: "seeds"} as const] : []),
      ...(budgets.length > 1 ? [{key: "budget", title: "ours measured on"} as const] : []),
      ...(citations.length > 0 ? [{key: "published", title: "published (%)", align: "right"} as const] : []),
    ],
    citations,
    budgets,
  };
}

/** A part of a Markdown report. */
export function reportMarkdown(experiment: Experiment, found: readonly Found[]): string {
  const {title, question} = experiment;
  const {rows, columns, citations} = numbered(found);
  const others = otherRowsOf(experiment, found);
  const list = (lines: readonly string[], mark: (i: number) => string): string =>
    lines.map((line, i) => `${mark(i)} ${line}`).join("\n");
  const notes = sourceNotes(found);
  const parts = [
    `## ${title}`,
    question,
    unrecorded(experiment, found) ?? "",
    list(
      aboutRows(found).map(({what, is}) => `${what}: ${is}`),
      () => "-",
    ),
    tableMarkdown(rows, columns),
    citations.length > 0 ? `${published}\n\n${list(citations, i => `${i + 1}.`)}` : "",
    notes.length > 0 ? `Notes on the published numbers:\n\n${list(notes, () => "-")}` : "",
    others ? `Others, as published, on ${others.dataset}:\n\n${tableMarkdown(others.rows)}` : "",
  ];
  return parts.filter(part => part !== "").join("\n\n");
}

const published = "The published numbers, each by its method, its data set and its length:";

/**
 * The same as a LaTeX table that fits a page's width: what ours was measured on stands in the caption, and published
 * numbers carry theirs in numbered notes below. It needs \\usepackage{booktabs}, and longtable where there are many rows.
 */
export function reportLatex(experiment: Experiment, found: readonly Found[]): string {
  const {name, title, question} = experiment;
  const {rows, columns, citations, budgets} = numbered(found);
  const short: Partial<Record<keyof ComparedRow, string>> = {
    percentPruned: "pruned",
    ours: citations.length > 0 ? "ours" : "accuracy",
    published: "published",
  };
  const on = budgets.length === 1 ? `${budgets[0]}, ` : "";
  const ours = budgets.length === 0 ? "" : ` Ours: ${on}${seedsText(rows.map(({runs}) => runs))}.`;
  const theirs = citations.length > 0 ? " Published: on what data and how long, the notes say." : "";
  return captionedLatex(
    rows,
    columns.map(column => ({...column, title: short[column.key as keyof ComparedRow] ?? column.title})),
    {
      caption: `${title}${/[.?!]$/.test(title) ? "" : "."} ${question}`
        .trim()
        .concat(` Pruned weights and test accuracy in %.${ours}${theirs}`),
      label: name,
      notes: [
        ...citations.map((citation, i) => `${superscript(i + 1)} ${citation}`),
        unrecorded(experiment, found) ?? "",
        ...sourceNotes(found),
      ].filter(note => note !== ""),
    },
  );
}

/** What there is but "", each once. */
function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(text => text !== "");
}

function superscript(n: number): string {
  return [...String(n)].map(digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
}

/** The same as HTML, with the figure; `heading` where the page's own title does not say it. */
export async function reportHtml(
  experiment: Experiment,
  found: readonly Found[],
  {heading = true}: {readonly heading?: boolean} = {},
): Promise<string> {
  const {title, question, name} = experiment;
  const figure = figureOf(experiment, found);
  const {rows, columns, citations} = numbered(found);
  const others = otherRowsOf(experiment, found);
  const list = (tag: "ol" | "ul", lines: readonly string[]): string =>
    `<${tag}>${lines.map(line => `<li>${escapeHtml(line)}</li>`).join("")}</${tag}>`;
  const notes = sourceNotes(found);
  const about = aboutRows(found).map(
    ({what, is}) => `<dt>${escapeHtml(what)}</dt><dd>${escapeHtml(is)}</dd>`,
  );
  const parts = [
    heading ? `<h2>${escapeHtml(title)}</h2>` : "",
    question === "" ? "" : `<p>${escapeHtml(question)}</p>`,
    figureHtml(figure, `figure-${name}`, figure.data.length > 0 ? await figureSvg(figure) : undefined),
    `<dl>${about.join("")}</dl>`,
    scrollingHtml(tableHtml(rows, columns)),
    citations.length > 0 ? `<p>${published}</p>${list("ol", citations)}` : "",
    notes.length > 0 ? `<p>Notes on the published numbers:</p>${list("ul", notes)}` : "",
    others
      ? `<p>Others, as published, on ${others.dataset}:</p>${scrollingHtml(tableHtml(others.rows))}`
      : "",
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

/** Every cell as a line of comma-separated values, what was published beside it last; a value that is not there is empty. */
export function reportCsv(experiment: Experiment, found: readonly Found[]): string {
  const rows = found.map(each => ({
    experiment: experiment.name,
    ...resultRow(each),
    ...publishedCells(each),
  }));
  const keys = Object.keys(rows[0] ?? {}) as (keyof ResultRow)[];
  return [keys, ...rows.map(row => keys.map(key => row[key]))]
    .map(line => line.map(csvCell).join(","))
    .join("\n");
}

/** Several published numbers of one cell, and whose they are, stand in one order. */
function publishedCells(found: Found): Record<string, string> {
  const rows = publishedBeside(found);
  const all = (of: (row: (typeof rows)[number]) => string): string => rows.map(of).join("; ");
  return {
    published: all(row => String(row.top1)),
    publishedMethod: all(row => row.method),
    publishedDataset: all(row => row.dataset),
    publishedEpochs: all(row => String(row.epochs ?? "not said")),
    publishedSource: all(sourceText),
  };
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
