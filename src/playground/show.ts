import {outputHtml} from "../explorables/frame/output";
import {besideEachOther, stillImage} from "../explorables/frame/still";
import {neutralInk} from "../report/ink";
import {currentScreen} from "../report/screen";
import {playgroundSvg} from "./draw";
import {defaultSettings, startPlayground, stepPlayground} from "./playground";
import {stepPanels} from "./stepPanels";

const STILL_STEPS = 300;

/**
 * biprop itself, to be played with, as HTML that needs no kernel, no network and no other file: a search on points of
 * the plane, with sliders. Where scripts do not run (a code host, a notebook not trusted yet) a still picture stays.
 */
export function playgroundHtml(): string {
  const alt = `biprop on points of the plane, after ${STILL_STEPS} steps`;
  return outputHtml({
    box: "data-multiprize-playground",
    still: `<div class="multiprize-wide">${stillImage(playgroundStill(), alt)}</div>`,
    script: ["playground", "page.mjs"],
  });
}

/** The picture after 300 steps with the settings that the page begins with. */
export function playgroundStill(): string {
  const playground = startPlayground(defaultSettings);
  for (let step = 0; step < STILL_STEPS; step++) stepPlayground(playground);
  const above = playgroundSvg(playground, {ink: neutralInk});
  const below = besideEachOther(stepPanels(playground));
  const [top, bottom] = [above, below].map(svg => Number(/ height="(\d+)"/.exec(svg)![1]));
  const [width, height] = [920, top + bottom + 16];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">` +
    `${above}${below.replace("<svg ", `<svg x="30" y="${top + 16}" `)}</svg>`
  );
}

/** Shows it under the cell; a terminal is told where it can be seen. */
export function showPlayground(): void {
  const screen = currentScreen();
  const plain = "[biprop in the page: open this in a notebook]";
  if (screen.kind === "terminal") screen.show({"text/plain": plain});
  else screen.show({"text/html": playgroundHtml(), "image/svg+xml": playgroundStill(), "text/plain": plain});
}
