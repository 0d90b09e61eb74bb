/** The kept inputs of one filter or unit, ascending: those with weight +1, and those with −1. */
export interface KeptInputs {
  readonly plus: Uint32Array;
  readonly minus: Uint32Array;
}

/** The kept inputs of every output; `signs` is [inputs][outputs], and input i stands in the lists as `place(i)`. */
export function keptInputs(
  signs: Int8Array,
  outputs: number,
  place: (input: number) => number = input => input,
): KeptInputs[] {
  const inputs = signs.length / outputs;
  const counts = keptCounts(signs, outputs);
  const kept = new Uint32Array(counts.reduce((sum, count) => sum + count, 0));
  // Where the next entry of either list of an output goes.
  const next = new Uint32Array(counts.length);
  for (let list = 1; list < counts.length; list++) next[list] = next[list - 1] + counts[list - 1];
  const lists = Array.from({length: outputs}, (_, f) => ({
    plus: kept.subarray(next[2 * f], next[2 * f] + counts[2 * f]),
    minus: kept.subarray(next[2 * f + 1], next[2 * f + 1] + counts[2 * f + 1]),
  }));
  const order = Uint32Array.from({length: inputs}, (_, i) => i);
  const places = order.map(place);
  order.sort((a, b) => places[a] - places[b]);
  for (let n = 0; n < inputs; n++) {
    const at = places[order[n]];
    for (let f = 0, i = order[n] * outputs; f < outputs; f++, i++) {
      if (signs[i] !== 0) kept[next[listOf(signs[i], f)]++] = at;
    }
  }
  return lists;
}

/** The list of output f that takes an entry of this sign; of a pruned weight nothing is counted in either. */
function listOf(sign: number, f: number): number {
  return 2 * f + ((1 - sign) >> 1);
}

/** How many inputs every output keeps, [output][plus, minus]. */
export function keptCounts(signs: Int8Array, outputs: number): Uint32Array {
  const counts = new Uint32Array(2 * outputs);
  for (let i = 0; i < signs.length; ) {
    for (let f = 0; f < outputs; f++, i++) counts[listOf(signs[i], f)] += signs[i] & 1;
  }
  return counts;
}
