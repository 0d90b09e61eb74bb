import {button, choice, type Handle, logSlider, row, slider} from "../explorables/frame/controls";
import type {Settings} from "./playground";

export interface Handlers {
  change(settings: Settings): void;
  play(): void;
  step(): void;
  reset(): void;
}

export interface ControlBar {
  readonly element: HTMLElement;
  playing(on: boolean): void;
  /** What is wrong with the settings; nothing where they are right. */
  say(text: string): void;
}

/** Buttons, sliders and choices, each with its label and its value; each named, for the keyboard and for tests. */
export function controlBar(
  start: Settings,
  choices: Readonly<Record<"points" | "gain" | "fan", readonly string[]>>,
  handlers: Handlers,
): ControlBar {
  let settings = start;
  const set = (part: Partial<Settings>): void => {
    settings = {...settings, ...part};
    handlers.change(settings);
  };
  const element = document.createElement("div");
  element.className = "multiprize-controls";
  const play = button("play", "▶ Play", handlers.play);
  const message = document.createElement("output");
  message.className = "multiprize-message";
  const chosen = (name: "points" | "gain" | "fan", label: string): HTMLElement =>
    standing(
      choice(name, label, choices[name], value => set({[name]: value})),
      start[name],
    );
  element.append(
    row(
      play,
      button("step", "One step", handlers.step),
      button("reset", "Start again", handlers.reset),
      button("seed", "Other random weights", () => set({seed: settings.seed + 1})),
      message,
    ),
    row(
      standing(
        slider("keepFraction", "keep fraction", {min: 0.05, max: 0.95, step: 0.05}, keepFraction =>
          set({keepFraction}),
        ),
        start.keepFraction,
      ),
      standing(
        logSlider("gainFactor", "gain ×", {least: 0.1, most: 10}, gainFactor => set({gainFactor})),
        start.gainFactor,
      ),
      standing(
        logSlider("learningRate", "learning rate", {least: 0.001, most: 10}, learningRate =>
          set({learningRate}),
        ),
        start.learningRate,
      ),
    ),
    row(chosen("points", "points"), chosen("gain", "gain rule"), chosen("fan", "fan scaling")),
  );
  return {
    element,
    playing: on => {
      play.textContent = on ? "❚❚ Pause" : "▶ Play";
      play.setAttribute("aria-pressed", String(on));
    },
    say: text => {
      message.textContent = text;
    },
  };
}

function standing<Value>({element, show}: Handle<Value>, at: Value): HTMLElement {
  show(at);
  return element;
}
