// One spelling of a notebook file, so that executing it again changes what changed and nothing else.

const kernelspec = {display_name: "TypeScript (multiprize)", language: "typescript", name: "tslab"};
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Keys in order, as Jupyter writes them. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted(value[key])]),
  );
}

function normaliseCell(cell, id) {
  const {execution: _timing, ...metadata} = cell.metadata ?? {};
  const common = {...cell, id, metadata};
  if (cell.cell_type !== "code") return common;
  const outputs = cell.outputs.map(output =>
    "execution_count" in output ? {...output, execution_count: null} : output,
  );
  return {...common, execution_count: null, outputs};
}

/** No execution counts, no timings, an id for every cell (a good one is kept), only the kernel in the metadata. */
export function normalise(notebook) {
  const taken = new Set();
  const cells = notebook.cells.map((cell, index) => {
    let id = cell.id;
    for (let n = index + 1; !idPattern.test(id ?? "") || taken.has(id); n++) id = `cell-${n}`;
    taken.add(id);
    return normaliseCell(cell, id);
  });
  const {language_info} = notebook.metadata ?? {};
  const metadata = language_info ? {kernelspec, language_info} : {kernelspec};
  return sorted({cells, metadata, nbformat: 4, nbformat_minor: 5});
}

export const serialise = notebook => `${JSON.stringify(notebook, null, 1)}\n`;
