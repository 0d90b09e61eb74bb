import type {DataFrame} from "danfojs-node";

type Cell = unknown;
type Combine = (this: object, values: Cell[], operation: string) => unknown;

/**
 * The rows as a danfojs DataFrame, to group, join and describe: columns by key, whatever the rows' order of keys; where a
 * row has no value, or null, the column has NaN if it holds numbers, else null. `groupby(…).mean()` and its like count
 * what is there, and give NaN where nothing is. danfojs takes about two seconds to load and does so on the first call
 * only; it computes with the TensorFlow.js this package runs on, so choose the backend before. For a table to look at,
 * `showTable` needs no danfojs.
 */
export async function dataFrame(rows: readonly object[]): Promise<DataFrame> {
  const {DataFrame} = await import("danfojs-node");
  const frame = new DataFrame(columnsOf(rows) as object);
  skipMissing(Object.getPrototypeOf(frame));
  return frame;
}

/** A column a key, in the order in which keys appear. */
function columnsOf(rows: readonly object[]): Record<string, Cell[]> {
  const keys = [...new Set(rows.flatMap(Object.keys))];
  return Object.fromEntries(
    keys.map(key => {
      const cells = rows.map(row => (row as Record<string, Cell>)[key]);
      const numbers = cells.every(cell => isMissing(cell) || typeof cell === "number");
      return [key, cells.map(cell => (isMissing(cell) ? (numbers ? Number.NaN : null) : cell))];
    }),
  );
}

function isMissing(cell: Cell): boolean {
  return cell === undefined || cell === null || Number.isNaN(cell);
}

/** Running sums and the like have a value for each row; the others have one a group. */
const oneOfGroup = new Set(["mean", "sum", "count", "mode", "std", "var", "median", "min", "max"]);
const mended = new WeakSet<object>();

/** danfojs adds a group's null as 0 and divides by all: its groups are given what is there alone. */
function skipMissing(framePrototype: {groupby: (keys: string[]) => object}): void {
  if (mended.has(framePrototype)) return;
  mended.add(framePrototype);
  const {groupby} = framePrototype;
  framePrototype.groupby = function (this: object, keys) {
    const groups = groupby.call(this, keys);
    const prototype = Object.getPrototypeOf(groups) as {groupMathLog: Combine};
    if (!mended.has(prototype)) {
      mended.add(prototype);
      const combine = prototype.groupMathLog;
      prototype.groupMathLog = function (values, operation) {
        if (!oneOfGroup.has(operation)) return combine.call(this, values, operation);
        const there = values.filter(value => !isMissing(value));
        if (there.length > 0) return combine.call(this, there, operation);
        return [operation === "count" ? 0 : Number.NaN];
      };
    }
    return groups;
  };
}
