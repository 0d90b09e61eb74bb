// What the page runs: bundled by set-up, with all it imports, into dist/playground/page.mjs, one script that needs
// nothing else. It finds its boxes and begins.
import {fanRules} from "../core/fan";
import {gainRules} from "../core/gain";
import {keepFocusAndKeys} from "../explorables/frame/focus";
import {controlBar} from "./controls";
import {playgroundSvg} from "./draw";
import {defaultSettings, type Playground, type Settings, startPlayground, stepPlayground} from "./playground";
import {pointsNames} from "./points";

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
  const picture = document.createElement("div");
  picture.className = "multiprize-wide";
  box.replaceChildren(bar.element, picture);
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
    picture.innerHTML = playgroundSvg(playground, {before});
    const {losses, accuracy} = playground;
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
