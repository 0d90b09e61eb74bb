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
  const choice = (name: "points" | "gain" | "fan", label: string): HTMLElement => {
    const select = document.createElement("select");
    select.append(...choices[name].map(value => new Option(value, value)));
    select.value = start[name];
    select.addEventListener("change", () => set({[name]: select.value}));
    return labelled(label, name, select);
  };
  element.append(
    row(
      play,
      button("step", "One step", handlers.step),
      button("reset", "Start again", handlers.reset),
      button("seed", "Other random weights", () => set({seed: settings.seed + 1})),
      message,
    ),
    row(
      slider(
        "keepFraction",
        "keep fraction",
        {min: 0.05, max: 0.95, step: 0.05, start: start.keepFraction},
        keepFraction => set({keepFraction}),
      ),
      logSlider("gainFactor", "gain ×", {least: 0.1, most: 10, start: start.gainFactor}, gainFactor =>
        set({gainFactor}),
      ),
      logSlider(
        "learningRate",
        "learning rate",
        {least: 0.001, most: 10, start: start.learningRate},
        learningRate => set({learningRate}),
      ),
    ),
    row(choice("points", "points"), choice("gain", "gain rule"), choice("fan", "fan scaling")),
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

function row(...parts: HTMLElement[]): HTMLElement {
  const line = document.createElement("div");
  line.append(...parts);
  return line;
}

function button(name: string, text: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.name = name;
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

function labelled(
  text: string,
  name: string,
  control: HTMLInputElement | HTMLSelectElement,
  value?: HTMLElement,
): HTMLElement {
  const label = document.createElement("label");
  control.name = name;
  label.append(`${text} `, control, ...(value ? [value] : []));
  return label;
}

function slider(
  name: string,
  text: string,
  {min, max, step, start}: {min: number; max: number; step: number; start: number},
  change: (value: number) => void,
  /** From the slider's place to the value meant. */
  meant: (place: number) => number = place => place,
): HTMLElement {
  const input = document.createElement("input");
  Object.assign(input, {type: "range", min: `${min}`, max: `${max}`, step: `${step}`, value: `${start}`});
  const value = document.createElement("output");
  const show = (): void => {
    value.textContent = `${Number(meant(Number(input.value)).toPrecision(2))}`;
  };
  input.addEventListener("input", () => {
    show();
    change(meant(Number(input.value)));
  });
  show();
  return labelled(text, name, input, value);
}

/** A slider whose places are powers of 10, in tenths: from `least` to `most`. */
function logSlider(
  name: string,
  text: string,
  {least, most, start}: {least: number; most: number; start: number},
  change: (value: number) => void,
): HTMLElement {
  const place = (value: number): number => Math.log10(value);
  const places = {min: place(least), max: place(most), step: 0.1, start: place(start)};
  return slider(name, text, places, change, at => 10 ** at);
}
