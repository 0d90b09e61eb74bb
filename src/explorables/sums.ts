import {palette} from "../report/theme";
import {
  type Interval,
  logisticGrowth,
  reachableShares,
  reachableTargets,
  uniformValues,
} from "../theory/subsetSum";
import type {Explorable, View} from "./frame/explorable";
import {plane} from "./frame/plane";
import {dot, GREY, line, type Panel, round, text} from "./frame/svg";

export interface SumsState {
  /** Numbers drawn so far. */
  readonly count: number;
  readonly epsilon: number;
  readonly seed: number;
}

export const MOST_NUMBERS = 30;

/** The reachable targets of notebook 06: how A ∪ (A + x) fills [−½, ½]. */
export const sumsExplorable: Explorable<SumsState> = {
  name: "sums",
  title: "The growing set of reachable sums",
  caption:
    "Try: draw a number, and another. Each row shows the targets that some subset of the numbers so far hits to within ε: what the row above had, and its copy moved by the new number x. " +
    "While there are few, each number adds half as much again; soon copies fall on what is there already, and the curve bends. Take ε ten times smaller: it costs some six numbers more, not ten times as many.",
  start: {count: 6, epsilon: 0.01, seed: 1},
  controls: [
    {kind: "button", name: "draw", label: "Draw a number", press: state => more(state, 1)},
    {kind: "button", name: "five", label: "Draw five", press: state => more(state, 5)},
    {kind: "button", name: "reset", label: "Start again", press: state => ({...state, count: 0})},
    {
      kind: "button",
      name: "other",
      label: "Other numbers",
      press: state => ({...state, seed: state.seed + 1}),
    },
    {
      kind: "choice",
      name: "epsilon",
      label: "ε",
      options: ["0.01", "0.003", "0.001"],
      value: ({epsilon}) => `${epsilon}`,
      set: (state, epsilon) => ({...state, epsilon: Number(epsilon)}),
    },
  ],
  view,
};

function more(state: SumsState, by: number): SumsState {
  return {...state, count: Math.min(MOST_NUMBERS, state.count + by)};
}

function view({count, epsilon, seed}: SumsState): View {
  const values = uniformValues(count, seed);
  const shares = reachableShares(values, epsilon);
  const expected = logisticGrowth(2 * epsilon, MOST_NUMBERS);
  const share = shares[count];
  const last = values.at(-1);
  const percent = (value: number): string => `${Number((100 * value).toPrecision(3))} %`;
  const factor = count > 0 ? shares[count] / shares[count - 1] : 1;
  return {
    panels: [rowsPanel(reachableTargets(values, epsilon)), growthPanel(shares, expected)],
    numbers: [
      {name: "count", label: "numbers drawn:", value: count},
      {
        name: "last",
        label: "the last, x =",
        value: last ?? "",
        text: last === undefined ? "none" : last.toFixed(3).replace("-", "−"),
      },
      {name: "share", label: "reachable:", value: share, text: percent(share)},
      {name: "expected", label: "expected growth:", value: expected[count], text: percent(expected[count])},
    ],
    says:
      count === 0
        ? "No number yet: only the empty sum, and the targets within ε of 0."
        : share > 1 - 1e-9
          ? `Every target in [−½, ½] is within ε of a sum of some of these ${count} numbers.`
          : count === MOST_NUMBERS
            ? "Thirty numbers are all that are drawn here."
            : `The last number made the set ${factor.toFixed(2)} times as large; ×1.5 is expected while it is small.`,
  };
}

/** A row a number, from the first at the top. */
function rowsPanel(sets: readonly (readonly Interval[])[]): Panel {
  const [left, width, top, height] = [34, 314, 6, 250];
  const room = height - top - 24;
  const thick = Math.min(22, room / sets.length);
  const x = (target: number): number => left + (target + 0.5) * width;
  const rows = sets.map((set, i) => {
    const y = top + i * thick;
    const bars = set
      .map(
        ([a, b]) =>
          `M${round(x(a))} ${round(y)}h${round(Math.max(0.6, (b - a) * width))}v${round(0.82 * thick)}H${round(x(a))}z`,
      )
      .join("");
    const numbered = i % Math.ceil(sets.length / 10) === 0 || i === sets.length - 1;
    const crowded = i !== sets.length - 1 && sets.length - 1 - i < Math.ceil(sets.length / 10);
    const name =
      numbered && !crowded ? text(left - 6, y + thick / 2 + 4, `${i}`, {anchor: "end", size: 11}) : "";
    return `<path d="${bars}" fill="${i === sets.length - 1 ? palette[1] : palette[0]}"/>${name}`;
  });
  const ticks = [-0.5, 0, 0.5].map(t =>
    text(x(t), height - 6, `${t}`.replace("-", "−"), {
      anchor: t < 0 ? "start" : t > 0 ? "end" : "middle",
      size: 11,
    }),
  );
  return {
    width: 360,
    height,
    title: "Targets within ε of a sum, row by row",
    label: `Of [−½, ½] the reachable targets, after 0 to ${sets.length - 1} numbers; now ${sets.at(-1)!.length} pieces`,
    content:
      line(
        [
          [left, height - 20],
          [left + width, height - 20],
        ],
        {colour: GREY, width: 1},
      ) +
      rows.join("") +
      ticks.join(""),
  };
}

function growthPanel(shares: Float64Array, expected: Float64Array): Panel {
  const height = 250;
  const field = plane({
    x: {from: 0, to: MOST_NUMBERS, ticks: [0, 10, 20, 30], title: "numbers drawn"},
    y: {from: 0.002, to: 1, ticks: [0.002, 0.01, 0.1, 1], log: true, write: tick => `${100 * tick} %`},
    height,
  });
  const at = (values: Float64Array): [number, number][] =>
    Array.from(values, (share, i) => field.at(i, share));
  const now = at(shares).at(-1)!;
  return {
    width: 360,
    height,
    title: "Reachable share (full), expected (dashed)",
    label: `After ${shares.length - 1} numbers ${(100 * shares.at(-1)!).toPrecision(3)} % of the targets are reachable`,
    content:
      field.frame +
      line(at(expected), {dash: "6 5"}) +
      line(at(shares), {colour: palette[0], width: 2.4}) +
      dot(now[0], now[1], 6, {fill: palette[1], stroke: "#ffffff"}),
  };
}
