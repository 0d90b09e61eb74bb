// Exercises that check themselves: a cell with an unfinished function says "not yet", the solution unfolds in the cell
// below it. Where a notebook is tried, each solution is put in its place and must make the cell say "right".

const text = value => [value ?? ""].flat().join("");
const unfinished = /^[ \t]*return undefined; \/\/ your code.*$/m;
const mark = "solution-of-";

/** Function bodies that a text offers: its blocks of TypeScript, and what it returns in a line. */
export function solutionsIn(markdown) {
  const blocks = [...markdown.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, body]) => body);
  const lines = [...markdown.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`(return [^`\n]*)`/g)];
  return [...blocks, ...lines.map(([, body]) => body)];
}

/** The notebook with a cell more for every solution, behind the cell that asks for it. */
export function withSolutions(notebook) {
  const cells = notebook.cells.flatMap((cell, i) => {
    const source = text(cell.source);
    if (cell.cell_type !== "code" || !unfinished.test(source)) return [cell];
    const solved = solutionsIn(text(notebook.cells[i + 1]?.source)).map((body, n) => ({
      ...cell,
      id: `${mark}${i + 1}-${n + 1}`,
      outputs: [],
      source: source.replace(unfinished, () => body),
    }));
    return [cell, ...solved];
  });
  return {...notebook, cells};
}

const isSolution = cell => String(cell.id).startsWith(mark);

/** The notebook as it was, executed. */
export const withoutSolutions = notebook => ({
  ...notebook,
  cells: notebook.cells.filter(cell => !isSolution(cell)),
});

/** A line for every solution that its cell does not find right. */
export function solutionProblems(executed) {
  return executed.cells.filter(isSolution).flatMap(({id, outputs}) => {
    const said = outputs
      .map(output => text(output.text))
      .join("")
      .trim();
    return said === "right" ? [] : [`solution to cell ${id.slice(mark.length)} is not right: "${said}"`];
  });
}
