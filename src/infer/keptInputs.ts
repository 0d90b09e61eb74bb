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
  const counts = {plus: new Uint32Array(outputs), minus: new Uint32Array(outputs)};
  for (let i = 0, f = 0; i < signs.length; i++, f = f + 1 === outputs ? 0 : f + 1) {
    if (signs[i] > 0) counts.plus[f]++;
    else if (signs[i] < 0) counts.minus[f]++;
  }
  const lists = Array.from({length: outputs}, (_, f) => ({
    plus: new Uint32Array(counts.plus[f]),
    minus: new Uint32Array(counts.minus[f]),
  }));
  counts.plus.fill(0);
  counts.minus.fill(0);
  const order = Uint32Array.from({length: inputs}, (_, i) => i);
  const places = order.map(place);
  order.sort((a, b) => places[a] - places[b]);
  for (const input of order) {
    for (let f = 0, at = input * outputs; f < outputs; f++, at++) {
      if (signs[at] > 0) lists[f].plus[counts.plus[f]++] = places[input];
      else if (signs[at] < 0) lists[f].minus[counts.minus[f]++] = places[input];
    }
  }
  return lists;
}
