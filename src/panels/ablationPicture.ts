import {colour, lineFigure} from "../report/figure";
import {escapeHtml, figureHtml} from "../report/html";
import {onAnyPaper} from "../report/ink";
import type {Bundle} from "../report/screen";
import {figureSvg} from "../report/static";
import {tableHtml} from "../report/table";
import type {AblationPanelState} from "./panelState";

/** What remains of an ablation's panel: the paired differences by epoch, and what is seen of each value. */
export async function ablationPicture({
  knob,
  values,
  lines,
  facts,
  says,
}: AblationPanelState): Promise<Bundle> {
  const rows = facts.map(({value, seeds, effect, verdict}) => ({
    [knob]: value,
    seeds,
    "less the default (points)": effect,
    "what is seen": verdict,
  }));
  const plain = facts.map(({value, effect, verdict}) => `${knob} ${value}: ${effect} ${verdict}`).join("\n");
  const table = `${tableHtml(rows)}<p>${escapeHtml(lines.length === 0 ? says : "One line a seed; recorded, and found again.")}</p>`;
  if (lines.length === 0) return {"text/html": table, "text/plain": plain};
  const figure = lineFigure({
    title: `Digits: ${knob}, less the default of the same seed`,
    x: {title: "epoch"},
    y: {title: "test accuracy, difference in points"},
    series: lines.map(({value, seed, differences}) => ({
      name: `${value}, seed ${seed}`,
      x: differences.map((_, i) => i + 1),
      y: [...differences],
      colour: colour(values.indexOf(value)),
    })),
  });
  const svg = await figureSvg(onAnyPaper(figure));
  return {
    "text/html": `${figureHtml(figure, undefined, svg)}${table}`,
    "image/svg+xml": svg,
    "text/plain": plain,
  };
}
