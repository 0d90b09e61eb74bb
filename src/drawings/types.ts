import {MINUS, type Panel, PLUS, text} from "../explorables/frame/svg";
import {relu} from "../plain/prunedLayer";
import {type Drawing, edge, signColour, smallPlot, unit} from "./drawing";

type Sign = 1 | -1;

/** The four types of hidden unit, (u, v): v·σ(u·x), each with its edges and its graph; those with u·v = + serve w > 0. */
export function fourTypesDrawing(): Drawing {
  return [
    pair("For w > 0: u·v = +", [
      {u: 1, v: 1},
      {u: -1, v: -1},
    ]),
    pair("For w < 0: u·v = −", [
      {u: 1, v: -1},
      {u: -1, v: 1},
    ]),
  ];
}

function pair(title: string, types: readonly {u: Sign; v: Sign}[]): Panel {
  const name = ({u, v}: {u: Sign; v: Sign}): string =>
    `(${u > 0 ? "+" : "−"}, ${v > 0 ? "+" : "−"}): ${v > 0 ? "" : "−"}σ(${u > 0 ? "" : "−"}x)`;
  const content = types.map(({u, v}, i) => {
    const left = 20 + 176 * i;
    const points = [-1, 0, 1].map(x => [x, v * relu(u * x)] as const);
    return (
      text(left + 72, 14, name({u, v}), {anchor: "middle", weight: 600}) +
      unit(left + 13, 52, "x") +
      unit(left + 72, 52, "σ") +
      unit(left + 131, 52, "y") +
      edge([left + 13, 52], [left + 72, 52], {sign: u, written: true}) +
      edge([left + 72, 52], [left + 131, 52], {sign: v, written: true}) +
      smallPlot([left + 7, 86], [130, 120], [{points, colour: signColour(v)}])
    );
  });
  return {
    width: 360,
    height: 216,
    title,
    label: `Units ${types.map(name).join(" and ")}`,
    content: content.join(""),
  };
}

/** x = σ(x) − σ(−x): a line as the difference of two ReLUs, and so w·x from units of two types. */
export function twoRelusDrawing(): Drawing {
  const graph = (left: number, f: (x: number) => number, colour: string, name: string): string =>
    smallPlot([left, 26], [86, 120], [{points: [-1, 0, 1].map(x => [x, f(x)] as const), colour}]) +
    text(left + 43, 14, name, {anchor: "middle", weight: 600});
  const between = (x: number, words: string): string => text(x, 91, words, {anchor: "middle", size: 18});
  return [
    {
      width: 360,
      height: 156,
      title: "A line is the difference of two ReLUs",
      label: "The graphs of σ(x) and −σ(−x), and of their sum x",
      content:
        graph(8, relu, PLUS, "σ(x)") +
        between(116, "+") +
        graph(137, x => -relu(-x), MINUS, "−σ(−x)") +
        between(245, "=") +
        graph(266, x => x, "currentColor", "x"),
    },
  ];
}
