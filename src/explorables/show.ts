import {UserError} from "../core/errors";
import {escapeHtml} from "../report/html";
import {neutralInk} from "../report/ink";
import {currentScreen} from "../report/screen";
import {type ExplorableName, explorables} from "./explorables";
import {type Explorable, shownText} from "./frame/explorable";
import {outputHtml, stillImage} from "./frame/output";
import {panelSvg} from "./frame/svg";

/**
 * One of the things that can be moved (`gain`, `step`, `weight`, `sums`, `swap`, `signal`), as HTML that needs no kernel,
 * no network and no other file. Where scripts do not run, still pictures and their numbers stay. UserError for a name
 * that there is not.
 */
export function explorableHtml(name: ExplorableName): string {
  const {title, caption, start, view} = named(name);
  const {panels, numbers, says} = view(start);
  const images = panels.map(each => stillImage(panelSvg(each, neutralInk), escapeHtml(each.label)));
  const written = numbers.map(each => `${each.label} ${shownText(each)}`).join(" · ");
  const still =
    `<p class="multiprize-title">${escapeHtml(title)}</p><p class="multiprize-caption">${escapeHtml(caption)}</p>` +
    `<div class="multiprize-panels">${images.join("")}</div><p>${escapeHtml(`${written}. ${says}`)}</p>` +
    "<p>(A still picture. In a notebook that is trusted, or in an exported page, it has controls.)</p>";
  return outputHtml({
    box: `data-multiprize-explorable="${name}"`,
    still,
    script: ["explorables", "pages", `${name}.mjs`],
  });
}

/** Its pictures at the start, beside each other, as one SVG. */
export function explorableStill(name: ExplorableName): string {
  const {start, view} = named(name);
  const {panels} = view(start);
  const gap = 20;
  const lefts = panels.map((_, i) => panels.slice(0, i).reduce((sum, {width}) => sum + width + gap, 0));
  const inner = panels.map((each, i) => panelSvg(each, neutralInk).replace("<svg ", `<svg x="${lefts[i]}" `));
  const width = lefts.at(-1)! + panels.at(-1)!.width;
  const height = Math.max(...inner.map(svg => Number(/ height="(\d+)"/.exec(svg)![1])));
  const label = panels.map(each => each.label).join("; ");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${escapeHtml(label)}">${inner.join("")}</svg>`
  );
}

/** Shows it under the cell; a terminal is told where it can be seen. */
export function showExplorable(name: ExplorableName): void {
  const screen = currentScreen();
  const plain = `[${named(name).title}: open this in a notebook]`;
  if (screen.kind === "terminal") screen.show({"text/plain": plain});
  else
    screen.show({
      "text/html": explorableHtml(name),
      "image/svg+xml": explorableStill(name),
      "text/plain": plain,
    });
}

function named(name: ExplorableName): Explorable<never> {
  if (Object.hasOwn(explorables, name)) return explorables[name];
  throw new UserError(`no explorable "${name}"; there are ${Object.keys(explorables).join(", ")}`);
}
