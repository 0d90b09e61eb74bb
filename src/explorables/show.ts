import {UserError} from "../core/errors";
import {escapeHtml} from "../report/html";
import {currentScreen} from "../report/screen";
import {type ExplorableName, explorables} from "./explorables";
import {type Explorable, shownText} from "./frame/explorable";
import {outputHtml} from "./frame/output";
import {besideEachOther, stillImages} from "./frame/still";

/**
 * One of the things that can be moved (`gain`, `step`, `weight`, `sums`, `swap`, `signal`), as HTML that needs no kernel,
 * no network and no other file. Where scripts do not run, still pictures and their numbers stay. UserError for a name
 * that there is not.
 */
export function explorableHtml(name: ExplorableName): string {
  const {title, caption, start, view} = named(name);
  const {panels, numbers, says} = view(start);
  const written = numbers.map(each => `${each.label} ${shownText(each)}`).join(" · ");
  const still =
    `<p class="multiprize-title">${escapeHtml(title)}</p><p class="multiprize-caption">${escapeHtml(caption)}</p>` +
    `<div class="multiprize-panels">${stillImages(panels)}</div><p>${escapeHtml(`${written}. ${says}`)}</p>` +
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
  return besideEachOther(view(start).panels);
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
