import {applyLayer} from "../plain/prunedLayer";
import {palette} from "../report/theme";
import {partsForError} from "../theory/bounds";
import {type Construction, pruneToLayer} from "../theory/construct";
import {weightProbability} from "../theory/multinomial";
import {randomPair} from "../theory/signMatrix";
import type {Explorable, View} from "./frame/explorable";
import {plane} from "./frame/plane";
import {dot, GREY, line, type Panel, text} from "./frame/svg";

export interface WeightState {
  /** w, at most 1 in size. */
  readonly weight: number;
  readonly epsilon: number;
  /** N. */
  readonly units: number;
  readonly seed: number;
}

/** The four types (u, v), each with a colour of its own. */
const types = [
  {u: 1, v: 1, name: "(+, +)", adds: "σ(x)", colour: palette[1]},
  {u: -1, v: -1, name: "(−, −)", adds: "−σ(−x)", colour: palette[3]},
  {u: 1, v: -1, name: "(+, −)", adds: "−σ(x)", colour: palette[0]},
  {u: -1, v: 1, name: "(−, +)", adds: "σ(−x)", colour: palette[2]},
] as const;

/** One weight of notebook 04: found among N random units of four types. */
export const weightExplorable: Explorable<WeightState> = {
  name: "weight",
  title: "One weight out of random signs",
  caption:
    "Try: move w. Only two of the four types of unit are of use, two for w > 0 and the two others for w < 0; t of each light up, and the line turns in steps of 1/p. Make ε smaller: the steps get finer, and more units are needed. " +
    "Then lower N, or draw again, until units are missing: the line breaks at 0, and the promise is void.",
  start: {weight: 0.3, epsilon: 0.1, units: 32, seed: 1},
  controls: [
    {
      kind: "slider",
      name: "weight",
      label: "w",
      min: -1,
      max: 1,
      step: 0.01,
      value: ({weight}) => weight,
      set: (state, weight) => ({...state, weight}),
    },
    {
      kind: "slider",
      name: "units",
      label: "N",
      min: 4,
      max: 96,
      step: 4,
      value: ({units}) => units,
      set: (state, units) => ({...state, units}),
    },
    {
      kind: "choice",
      name: "epsilon",
      label: "ε",
      options: ["0.25", "0.1", "0.05", "0.025"],
      value: ({epsilon}) => `${epsilon}`,
      set: (state, epsilon) => ({...state, epsilon: Number(epsilon)}),
    },
    {
      kind: "button",
      name: "draw",
      label: "Draw again",
      press: state => ({...state, seed: state.seed + 1}),
    },
  ],
  view,
};

function view(state: WeightState): View {
  const {weight, epsilon, units, seed} = state;
  const parts = partsForError(epsilon);
  const target = {inputs: 1, outputs: 1, weights: Float64Array.of(weight)};
  const found = pruneToLayer(target, {parts, units, seed, scale: 1, shortage: "fewer"});
  const [above, below] = [found.achieved.above[0], found.achieved.below[0]];
  const error = Math.max(Math.abs(above - weight), Math.abs(below - weight));
  const wanted = Math.round(parts * Math.abs(weight));
  const chance = weightProbability({parts, units});
  const signed = (value: number): string => value.toFixed(3).replace("-", "−");
  return {
    panels: [unitsPanel(found, wanted), linePanel(state, found)],
    numbers: [
      {name: "parts", label: "p =", value: parts},
      {name: "wanted", label: "t =", value: wanted},
      {name: "above", label: "ŵ for x > 0:", value: above, text: signed(above)},
      {name: "below", label: "for x < 0:", value: below, text: signed(below)},
      {name: "error", label: "error at |x| = 1:", value: error, text: error.toFixed(4)},
      {
        name: "promise",
        label: "promise 1/(2p) =",
        value: 1 / (2 * parts),
        text: (1 / (2 * parts)).toFixed(4),
      },
      {name: "missing", label: "units missing:", value: found.missing},
      {
        name: "chance",
        label: "N units serve w = 1 with probability",
        value: chance,
        text: chance > 0 && chance < 1e-4 ? "below 0.0001" : chance.toFixed(4),
      },
    ],
    says:
      found.missing > 0
        ? `${found.missing} of the ${2 * wanted} units wanted are not there. Draw again, or take more.`
        : `t = round(p·|w|) = ${wanted} units of each of two types are kept, of ${units}; each counts 1/p = ${Number((1 / parts).toPrecision(3))}.`,
  };
}

/** A row a type, a dot a unit in the order in which they were drawn; those that the mask keeps are full. */
function unitsPanel({layers, drawn, units}: Construction, wanted: number): Panel {
  const {first, second} = randomPair(drawn);
  const kept = new Set(layers[1].from);
  const rows = types.map(({u, v, name, adds, colour}, row) => {
    const own = Array.from({length: units}, (_, unit) => unit).filter(
      unit => first.sign(0, unit) === u && second.sign(unit, 0) === v,
    );
    const y = 34 + 54 * row;
    const dots = own.map((unit, i) => {
      const [x, down] = [112 + 16 * (i % 15), y + 16 * Math.floor(i / 15) - 4];
      return kept.has(unit)
        ? dot(x, down, 6, {fill: colour, stroke: "currentColor", width: 1})
        : dot(x, down, 5, {stroke: colour, opacity: 0.75});
    });
    const needed = own.some(unit => kept.has(unit));
    return (
      text(6, y - 4, name, {weight: needed ? 600 : 400}) +
      text(6, y + 12, `adds ${adds}`, {size: 11}) +
      (own.length === 0 ? text(112, y, "none drawn", {size: 11}) : dots.join(""))
    );
  });
  return {
    width: 360,
    height: 250,
    title: `${units} random units, by type (u, v)`,
    label: `${kept.size} of ${units} random units are kept, ${wanted} wanted of each of two types`,
    content: text(112, 8, "full: kept", {size: 11}) + rows.join(""),
  };
}

/** w·x, the promise around it, and the pruned network. */
function linePanel({weight}: WeightState, {layers, parts}: Construction): Panel {
  const height = 250;
  const field = plane({
    x: {from: -1, to: 1, ticks: [-1, -0.5, 0, 0.5, 1], title: "x"},
    y: {from: -1.3, to: 1.3, ticks: [-1, -0.5, 0, 0.5, 1]},
    height,
  });
  const output = (x: number): number =>
    applyLayer(
      layers[1],
      applyLayer(layers[0], [x]).map(value => Math.max(0, value)),
    )[0];
  const half = 1 / (2 * parts);
  const corners: [number, number][] = [
    [-1, -weight - half],
    [0, 0],
    [1, weight - half],
    [1, weight + half],
    [0, 0],
    [-1, -weight + half],
  ];
  const wedge = corners.map(([x, y]) => field.at(x, y).join(",")).join(" ");
  return {
    width: 360,
    height,
    title: "w·x (dashed), its promise (grey), ŵ·x",
    label: `The line ${weight}·x, and the pruned network, ${output(1).toFixed(3)} at 1 and ${output(-1).toFixed(3)} at −1`,
    content:
      field.frame +
      `<polygon points="${wedge}" fill="${GREY}" fill-opacity="0.35"/>` +
      line([field.at(-1, -weight), field.at(1, weight)], {dash: "6 5"}) +
      line(
        [-1, 0, 1].map(x => field.at(x, output(x))),
        {colour: palette[1], width: 2.5},
      ),
  };
}
