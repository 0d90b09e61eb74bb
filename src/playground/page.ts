// What the page runs: bundled by set-up, with all it imports, into dist/playground/page.mjs, one script that needs
// nothing else. It finds its boxes and begins.
import {fanRules} from "../core/fan";
import {gainRules} from "../core/gain";
import {keepFocusAndKeys} from "../explorables/frame/focus";
import {panelSvg} from "../explorables/frame/svg";
import {controlBar} from "./controls";
import {playgroundHalves} from "./draw";
import {defaultSettings, type Playground, type Settings, startPlayground, stepPlayground} from "./playground";
import {pointsNames} from "./points";
import {stepPanels, stepText} from "./stepPanels";

const LAST_STEP = 1000;

/** Fills `box` with the controls and the picture, and runs the search in it. */
export function mount(box: HTMLElement): void {
  keepFocusAndKeys(box);
  let playground: Playground = startPlayground(defaultSettings);
  let before: readonly number[] = [];
  let playing = false;
  const bar = controlBar(
    defaultSettings,
    {points: pointsNames, gain: Object.keys(gainRules), fan: Object.keys(fanRules)},
    {
      change,
      play: () => play(!playing),
      step: () => {
        play(false);
        stepPlayground(playground);
        draw();
      },
      reset: () => {
        play(false);
        restart(playground.settings);
      },
    },
  );
  const part = (className: string): HTMLElement => {
    const made = document.createElement("div");
    made.className = className;
    return made;
  };
  const [picture, panels, says] = ["wide", "panels", "says"].map(name => part(`multiprize-${name}`));
  picture.style.cssText = "display:flex;flex-wrap:wrap";
  box.replaceChildren(bar.element, picture, panels, says);
  draw();

  function change(settings: Settings): void {
    const {learningRate: _rate, ...rest} = settings;
    const {learningRate: _old, ...held} = playground.settings;
    if (JSON.stringify(rest) !== JSON.stringify(held)) restart(settings);
    else playground = {...playground, settings};
  }

  function restart(settings: Settings): void {
    try {
      const next = startPlayground(settings);
      if (playground.losses.length > 1) before = playground.losses;
      playground = next;
      bar.say("");
    } catch (error) {
      play(false);
      bar.say((error as Error).message);
    }
    draw();
  }

  function play(on: boolean): void {
    const begins = on && !playing;
    playing = on;
    bar.playing(on);
    if (begins) requestAnimationFrame(frame);
  }

  /** Two steps a picture; it stops where the box has left the page, and after a thousand steps. */
  function frame(): void {
    if (!playing) return;
    if (!box.isConnected || playground.losses.length > LAST_STEP) {
      play(false);
      return;
    }
    stepPlayground(stepPlayground(playground));
    draw();
    requestAnimationFrame(frame);
  }

  function draw(): void {
    picture.innerHTML = playgroundHalves(playground, {before}).join("");
    panels.innerHTML = stepPanels(playground)
      .map(each => panelSvg(each))
      .join("");
    const {losses, accuracy, changes} = playground;
    says.textContent = stepText(changes.at(-1));
    box.dataset.promised = `${changes.at(-1)?.promised ?? ""}`;
    box.dataset.came = `${changes.at(-1)?.came ?? ""}`;
    box.dataset.step = `${losses.length - 1}`;
    box.dataset.loss = `${losses.at(-1)}`;
    box.dataset.accuracy = `${accuracy}`;
  }
}

for (const box of document.querySelectorAll<HTMLElement & {multiprizeRuns?: true}>(
  "[data-multiprize-playground]",
)) {
  if (box.multiprizeRuns) continue;
  box.multiprizeRuns = true;
  mount(box);
}
