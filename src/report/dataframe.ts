import type {DataFrame} from "danfojs-node";

/**
 * The rows as a danfojs DataFrame, to group, join and describe. danfojs takes about two seconds to load and does so
 * on the first call only; it computes with the TensorFlow.js this package runs on, so choose the backend before. For
 * a table to look at, `showTable` needs no danfojs.
 */
export async function dataFrame(rows: readonly object[]): Promise<DataFrame> {
  const {DataFrame} = await import("danfojs-node");
  return new DataFrame([...rows]);
}
