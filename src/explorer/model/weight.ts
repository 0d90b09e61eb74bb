import {softmax} from "../../core/softmax";
import type {BinaryNetwork} from "../../infer/network";
import {layerNamed} from "../../infer/network";
import {everyOperation} from "../../network/geometry";
import type {Operation} from "../../network/operations";
import type {Ranks, Ticket} from "../../ticket/ticket";
import {signsIfKept} from "./changes";
import {operationsBefore, operationsThrough} from "./prefix";
import type {MakeInference} from "./reestimate";

/** Where a weight stands in its layer: which input it takes, to which filter or unit. */
export interface Place {
  readonly output: number;
  /** Channel of a convolution's input, or feature of a dense layer's. */
  readonly input: number;
  /** Row and column of a convolution's window. */
  readonly row?: number;
  readonly column?: number;
}

/** A weight, and what it does with a picture. */
export interface WeightFacts {
  readonly layer: string;
  readonly index: number;
  readonly place: Place;
  /** −1 or +1 where it is kept, else 0. */
  readonly sign: number;
  /** The sign that it has, or would have if it were kept; undefined where the file does not know. */
  readonly signIfKept?: number;
  /** α of its layer. */
  readonly gain: number;
  /** Its |score| lies among the share `within` of the layer's (of all scores, where one threshold served all layers), not `beyond`. */
  readonly rank?: {readonly beyond: number; readonly within: number};
  /** What it adds to its filter's or unit's sum, ±α·x, at each place of that; where pruned, what it would add if kept. */
  readonly added: {readonly height: number; readonly width: number; readonly values: Float32Array};
  /** The whole sum at these places, with whatever else is kept. */
  readonly sum: Float32Array;
  /** Probabilities as the network is, and with this weight pruned if it is kept, kept if it is pruned. */
  readonly now: Float64Array;
  readonly otherwise?: Float64Array;
}

export function placeOf(shape: readonly number[], index: number): Place {
  const outputs = shape.at(-1)!;
  const [output, rest] = [index % outputs, Math.floor(index / outputs)];
  if (shape.length === 2) return {output, input: rest};
  const [, columns, channels] = shape;
  const tap = Math.floor(rest / channels);
  return {output, input: rest % channels, row: Math.floor(tap / columns), column: tap % columns};
}

/** The share of scores among which a weight's is, as closely as the file says. */
export function rankOf(ranks: Ranks, layer: number, index: number): {beyond: number; within: number} {
  const at = ranks.layers[layer][index];
  const {fractions} = ranks;
  return {beyond: at === 0 ? 0 : fractions[at - 1], within: at === fractions.length ? 1 : fractions[at]};
}

/** What a weight of a network does with one normalised image. `ticket` is what the network was made of. */
export function weightFacts(
  ticket: Ticket,
  network: BinaryNetwork,
  {layer: name, index}: {readonly layer: string; readonly index: number},
  image: Float32Array,
  make: MakeInference,
): WeightFacts {
  const layer = layerNamed(network, name);
  const position = ticket.layers.findIndex(each => each.name === name);
  const sign = layer.signs[index];
  const known = sign !== 0 || ticket.signs.kind !== "stored";
  const signIfKept = known ? sign || signsIfKept(ticket.layers[position], ticket)[index] : undefined;
  const place = placeOf(layer.shape, index);
  const run = (operations: readonly Operation[]): Float32Array =>
    make({...network, operations}).logits(image, 1);
  const input = run(operationsBefore(network.operations, name));
  const sums = run(operationsThrough(network.operations, name));
  const outputs = layer.shape.at(-1)!;
  const seen = inputSeen(network, name, place, input);
  const value = layer.gain * (signIfKept ?? 0);
  const otherwise =
    signIfKept === undefined ? undefined : toggled(network, name, index, sign ? 0 : signIfKept);
  return {
    layer: name,
    index,
    place,
    sign,
    ...(signIfKept !== undefined && {signIfKept}),
    gain: layer.gain,
    ...(ticket.ranks && {rank: rankOf(ticket.ranks, position, index)}),
    added: {...seen.extent, values: seen.values.map(x => x * value)},
    sum: sums.filter((_, i) => i % outputs === place.output),
    now: softmax(run(network.operations)),
    ...(otherwise && {otherwise: softmax(make(otherwise).logits(image, 1))}),
  };
}

function toggled(network: BinaryNetwork, name: string, index: number, sign: number): BinaryNetwork {
  const layer = layerNamed(network, name);
  const signs = layer.signs.slice();
  signs[index] = sign;
  return {...network, layers: new Map([...network.layers, [name, {...layer, signs}]])};
}

/** What stands before the weight at each place of the sums: 0 where its window hangs over the edge. */
function inputSeen(
  network: BinaryNetwork,
  name: string,
  {input: channel, row = 0, column = 0}: Place,
  input: Float32Array,
): {extent: {height: number; width: number}; values: Float32Array} {
  const visits = [...everyOperation(network.operations, network.image)];
  const visit = visits.find(({operation}) => "name" in operation && operation.name === name)!;
  const {operation} = visit;
  if (operation.op !== "conv")
    return {extent: {height: 1, width: 1}, values: Float32Array.of(input[channel])};
  const {stride, pad} = operation;
  const [rows, columns, channels] = visit.input;
  const [height, width] = visit.output;
  const values = Float32Array.from({length: height * width}, (_, i) => {
    const y = Math.floor(i / width) * stride + row - pad;
    const x = (i % width) * stride + column - pad;
    return y >= 0 && y < rows && x >= 0 && x < columns ? input[(y * columns + x) * channels + channel] : 0;
  });
  return {extent: {height, width}, values};
}
