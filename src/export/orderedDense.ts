import type {OnnxGraph} from "./onnxGraph";
import type {Stretches} from "./orderedSums";

/**
 * A dense layer's sums of real inputs in the engines' order, of a tensor [batch, inputs]. Cumulative sums add one after the
 * other, rounded each time, where the order of a matrix product is the runtime's own. Gives [batch, units].
 */
export function orderedDense(
  graph: OnnxGraph,
  x: string,
  name: string,
  {sides, places, signs}: Stretches,
): string {
  const [units, stretches, lanes, entries] = sides;
  let indices = 0;
  const index = (value: number): string => graph.integers(`${name}.index.${indices++}`, [value], []);
  const last = (tensor: string, axis: number, length: number): string => {
    const sums = graph.node("CumSum", [tensor, index(axis)]);
    return graph.node("Gather", [sums, index(length - 1)], {axis});
  };
  const padded = graph.node("Pad", [x, graph.integers(`${name}.pads`, [0, 0, 0, 1])]);
  const inputs = graph.node("Gather", [padded, graph.integers(`${name}.places`, places, sides)], {axis: 1});
  const signed = graph.node("Mul", [
    last(inputs, 4, entries),
    graph.floats(`${name}.stretches`, [units, stretches, 1], signs),
  ]);
  const totals = last(signed, 2, stretches);
  const [a, b, c, d] = Array.from({length: lanes}, (_, lane) =>
    graph.node("Gather", [totals, index(lane)], {axis: 2}),
  );
  return graph.node("Add", [graph.node("Add", [a, b]), graph.node("Add", [c, d])]);
}
