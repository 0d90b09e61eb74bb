// What a reader moves: each with its label, named for tests, and as the browser makes it, so that keyboard and touch work.

export function row(...parts: HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.append(...parts);
  return made;
}

export function button(name: string, label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.name = name;
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}

/** A control that stands at a value, and can be told to. */
export interface Handle<Value> {
  readonly element: HTMLElement;
  show(value: Value): void;
}

export function choice(
  name: string,
  label: string,
  options: readonly string[],
  change: (value: string) => void,
): Handle<string> {
  const select = document.createElement("select");
  select.append(...options.map(value => new Option(value, value)));
  select.addEventListener("change", () => change(select.value));
  return {
    element: labelled(label, name, select),
    show: value => {
      select.value = value;
    },
  };
}

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** `write` makes the text beside it; it is shown the value, not the slider's place. */
export function slider(
  name: string,
  label: string,
  {min, max, step}: Range,
  change: (value: number) => void,
  write: (value: number) => string = value => `${Number(value.toPrecision(4))}`.replace("-", "−"),
): Handle<number> {
  const input = document.createElement("input");
  Object.assign(input, {type: "range", min: `${min}`, max: `${max}`, step: `${step}`});
  const written = document.createElement("output");
  const tell = (value: number): void => {
    written.textContent = write(value);
    input.setAttribute("aria-valuetext", write(value));
  };
  input.addEventListener("input", () => {
    tell(Number(input.value));
    change(Number(input.value));
  });
  return {
    element: labelled(label, name, input, written),
    show: value => {
      input.value = `${value}`;
      tell(value);
    },
  };
}

/** A slider whose places are powers of 10, in tenths: from `least` to `most`. */
export function logSlider(
  name: string,
  label: string,
  {least, most}: {readonly least: number; readonly most: number},
  change: (value: number) => void,
): Handle<number> {
  const places = {min: Math.log10(least), max: Math.log10(most), step: 0.1};
  const write = (place: number): string => `${Number((10 ** place).toPrecision(2))}`;
  const {element, show} = slider(name, label, places, place => change(10 ** place), write);
  return {element, show: value => show(Math.log10(value))};
}

function labelled(
  words: string,
  name: string,
  control: HTMLInputElement | HTMLSelectElement,
  value?: HTMLElement,
): HTMLElement {
  const label = document.createElement("label");
  const called = document.createElement("span");
  called.textContent = words;
  control.name = name;
  label.append(called, control, ...(value ? [value] : []));
  return label;
}
