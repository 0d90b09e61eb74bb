import type {Figure} from "./figure";
import {escapeHtml, figureHtml, figureTitle, plotlyLoaderHtml} from "./html";
import {onAnyPaper} from "./ink";
import {currentScreen} from "./screen";
import {figureSvg} from "./static";
import {type Columns, tableHtml, tableText} from "./table";

/**
 * Shows a figure under the cell: the still picture, which Plotly makes interactive where the page has it (see
 * `figureHtml`). A terminal shows its title, as does every screen of a figure without data.
 */
export async function showFigure(figure: Figure): Promise<void> {
  const screen = currentScreen();
  const empty = figure.data.length === 0;
  const plain = empty ? figureTitle(figure) : `[figure: ${figureTitle(figure)}]`;
  if (screen.kind === "terminal") {
    screen.show({"text/plain": plain});
    return;
  }
  if (empty) {
    screen.show({"text/html": figureHtml(figure), "text/plain": plain});
    return;
  }
  const svg = await figureSvg(onAnyPaper(figure));
  screen.show({
    "text/html": figureHtml(figure, undefined, svg),
    "image/svg+xml": svg,
    "text/plain": plain,
  });
}

/**
 * Shows rows as a table, in a notebook and in a terminal. With `folded` a notebook shows that line, and the table when
 * it is clicked or a key unfolds it; a terminal shows the table as ever.
 */
export function showTable<Row extends object>(
  rows: readonly Row[],
  columns?: Columns<Row>,
  {folded}: {readonly folded?: string} = {},
): void {
  const table = tableHtml(rows, columns);
  const html =
    folded === undefined ? table : `<details><summary>${escapeHtml(folded)}</summary>\n${table}\n</details>`;
  currentScreen().show({"text/html": html, "text/plain": tableText(rows, columns)});
}

/**
 * Puts Plotly itself (4 MB) into this notebook: its figures are then interactive wherever the file goes. Clear this
 * cell's output before you commit the notebook.
 */
export function loadPlotly(): void {
  const screen = currentScreen();
  if (screen.kind === "terminal") return;
  screen.show({"text/html": plotlyLoaderHtml(), "text/plain": "[Plotly loaded]"});
}
