import type {Cell} from "./experiment";

/** The i-th of n parts, i from 1: every n-th cell, so that each part has of each kind. */
export function shardOf<T>(all: readonly T[], i: number, n: number): T[] {
  return all.filter((_, index) => index % n === i - 1);
}

/** Cells that a text asks for: each of its words is a word of the label, or begins the id. */
export function matching<T extends Pick<Cell, "label" | "id">>(cells: readonly T[], text: string): T[] {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(word => word !== "");
  return cells.filter(({label, id}) => {
    const own = label.toLowerCase().split(/[\s,]+/);
    return words.every(word => own.includes(word) || (word.length >= 4 && id.startsWith(word)));
  });
}
