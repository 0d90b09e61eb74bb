// What is wrong with a notebook, cell by cell; one line each, nothing when all is well.
import {normalise, serialise} from "./normalise.mjs";

const text = value => (Array.isArray(value) ? value.join("") : (value ?? ""));
const codeCells = notebook =>
  notebook.cells.map((cell, index) => ({cell, index})).filter(({cell}) => cell.cell_type === "code");
const where = ({cell, index}) =>
  `cell ${index + 1} (${text(cell.source).trim().split("\n")[0].slice(0, 50)})`;

/** Errors, and anything on stderr, among the outputs. */
export function outputProblems(notebook) {
  return codeCells(notebook).flatMap(entry =>
    entry.cell.outputs.flatMap(output => {
      if (output.output_type === "error") return [`${where(entry)} raised ${output.ename}: ${output.evalue}`];
      if (output.name === "stderr")
        return [`${where(entry)} wrote to stderr: ${text(output.text).trim().slice(0, 400)}`];
      return [];
    }),
  );
}

const widget = "application/vnd.jupyter.widget-view+json";

/** A widget without its kernel opens as an error; and cells that print something now but are stored without output, and a file that is not in its one spelling. */
export function committedProblems(stored, executed) {
  const executedCells = codeCells(executed);
  const problems = codeCells(stored)
    .filter(({cell}, n) => cell.outputs.length === 0 && executedCells[n]?.cell.outputs.length > 0)
    .map(entry => `${where(entry)} is stored without its output: run \`npm run notebooks -- --write\``);
  problems.push(
    ...codeCells(stored)
      .filter(({cell}) => cell.outputs.some(output => widget in (output.data ?? {})))
      .map(entry => `${where(entry)} is stored with a widget that runs: stop it, then save`),
  );
  if (serialise(normalise(stored)) !== serialise(stored))
    problems.push("is stored with counts or timings: run `npm run notebooks -- --tidy`");
  return problems;
}
