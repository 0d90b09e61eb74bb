import type {Cell} from "../define/experiment";

/** A curve's searches on one line: what its cells share, and where they differ. */
export interface SpecRow {
  readonly curve: string;
  readonly x: string;
  readonly network: string;
  readonly method: string;
  readonly optimiser: string;
  readonly "batch size": string;
  readonly epochs: string;
  readonly "training images": string;
  readonly seeds: string;
}

/** Cells as a table to read: a line a curve, several values separated by commas. */
export function specRows(cells: readonly Cell[]): SpecRow[] {
  const curves = [...new Set(cells.map(cell => cell.curve))];
  return curves.map(curve => {
    const own = cells.filter(cell => cell.curve === curve);
    const all = (of: (cell: Cell) => string | number): string => [...new Set(own.map(of))].join(", ");
    const xs = [...new Set(own.map(cell => cell.x))];
    return {
      curve,
      x: xs.sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : 0)).join(", "),
      network: all(({spec}) => `${spec.arch}${spec.width === 1 ? "" : ` ×${spec.width}`}`),
      method: all(({spec: {method, activation}}) =>
        method === "dense" ? method : `${method} ${activation === "sign" ? "1/1" : "1/32"}`,
      ),
      optimiser: all(({spec}) => `${spec.optimizer.name} ${spec.learningRate}`),
      "batch size": all(({spec}) => spec.batchSize),
      epochs: all(({spec}) => spec.epochs),
      "training images": all(({spec}) => spec.subset ?? "all"),
      seeds: all(({spec}) => spec.seed),
    };
  });
}
