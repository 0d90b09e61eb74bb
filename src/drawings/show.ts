import {besideEachOther, stillImages} from "../explorables/frame/still";
import {style} from "../explorables/frame/style";
import {currentScreen} from "../report/screen";
import type {Drawing} from "./drawing";

/** Shows a drawing under the cell, its pictures beside each other; a terminal is told what it shows. */
export function showDrawing(drawing: Drawing): void {
  const screen = currentScreen();
  const plain = drawing.map(({label}) => `[drawing: ${label}]`).join("\n");
  if (screen.kind === "terminal") screen.show({"text/plain": plain});
  else
    screen.show({
      "text/html": `<style>${style}</style>\n<div class="multiprize-explorable"><div class="multiprize-panels">${stillImages(drawing)}</div></div>`,
      "image/svg+xml": besideEachOther(drawing),
      "text/plain": plain,
    });
}
