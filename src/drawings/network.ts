import {line, type Panel, round} from "../explorables/frame/svg";
import {keptMask} from "../plain/prunedLayer";
import type {Construction} from "../theory/construct";
import {randomPair} from "../theory/signMatrix";
import {type Drawing, edge, signColour, spread, unit} from "./drawing";

/** What is drawn of a network: weights and masks one array a layer, shape [inputs, outputs], flattened. */
export interface DrawnNetwork {
  /** From input to output. */
  readonly widths: readonly number[];
  readonly weights: readonly ArrayLike<number>[];
  readonly masks: readonly Uint8Array[];
}

const HEIGHT = 250;

/** A random network, every edge in the colour of its sign, and beside it what its masks keep. */
export function networkDrawing(network: DrawnNetwork): Drawing {
  const {widths, masks} = network;
  const edges = masks.reduce((sum, mask) => sum + mask.length, 0);
  const kept = masks.reduce((sum, mask) => sum + mask.reduce((count, m) => count + m, 0), 0);
  const shape = widths.join(" → ");
  return [
    panel(
      network,
      false,
      `The random network: ${edges} weights`,
      `A network ${shape}; blue edges −, orange edges +`,
    ),
    panel(
      network,
      true,
      `What the mask keeps: ${kept} signs`,
      `Of the network ${shape} the ${kept} edges that are kept`,
    ),
  ];
}

/** A layer found in a random one of two layers (`pruneToLayer`): all its signs, and those that are kept. */
export function prunedLayerDrawing({layers, drawn}: Construction): Drawing {
  const {first, second} = randomPair(drawn);
  const hidden = drawn.inputs * drawn.units;
  const signs = [first, second].map(matrix =>
    Float64Array.from({length: matrix.inputs * matrix.outputs}, (_, e) =>
      matrix.sign(Math.floor(e / matrix.outputs), e % matrix.outputs),
    ),
  );
  return networkDrawing({
    widths: [drawn.inputs, hidden, drawn.outputs],
    weights: signs,
    masks: layers.map(keptMask),
  });
}

function panel({widths, weights, masks}: DrawnNetwork, masked: boolean, title: string, label: string): Panel {
  const xs = spread(widths.length, 26, 334);
  const ys = widths.map(width => spread(width, width < 4 ? 60 : 14, width < 4 ? HEIGHT - 60 : HEIGHT - 14));
  const radius = Math.max(4, Math.min(11, (HEIGHT - 28) / Math.max(...widths) / 2.4));
  const edges = weights.flatMap((w, l) =>
    Array.from(w, (value, e) => {
      const [i, k] = [Math.floor(e / widths[l + 1]), e % widths[l + 1]];
      const [from, to] = [
        [xs[l], ys[l][i]],
        [xs[l + 1], ys[l + 1][k]],
      ] as const;
      if (masked) return masks[l][e] === 1 ? edge(from, to, {sign: value, gap: radius}) : "";
      return line([from, to], {colour: signColour(value), width: 1, opacity: 0.55});
    }),
  );
  const used = (l: number, i: number): boolean =>
    !masked ||
    l === 0 ||
    l === widths.length - 1 ||
    (masks[l - 1].some((m, e) => m === 1 && e % widths[l] === i) &&
      masks[l].some((m, e) => m === 1 && Math.floor(e / widths[l + 1]) === i));
  const units = ys.flatMap((column, l) =>
    column.map((y, i) => `<g opacity="${used(l, i) ? 1 : 0.3}">${unit(xs[l], y, "", round(radius))}</g>`),
  );
  return {width: 360, height: HEIGHT, title, label, content: edges.join("") + units.join("")};
}
