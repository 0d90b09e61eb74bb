import {button, choice, row, slider} from "./controls";
import {type Explorable, shownText} from "./explorable";
import {keepFocusAndKeys} from "./focus";
import {panelSvg} from "./svg";

/** Every box of this name that has no script in it yet. */
export function mountAll<State>(explorable: Explorable<State>): void {
  for (const found of document.querySelectorAll<HTMLElement & {multiprizeRuns?: true}>(
    `[data-multiprize-explorable="${explorable.name}"]`,
  )) {
    if (found.multiprizeRuns) continue;
    found.multiprizeRuns = true;
    mount(found, explorable);
  }
}

/** Fills `place` with the controls, the pictures, the numbers and what they say. */
export function mount<State>(place: HTMLElement, explorable: Explorable<State>): void {
  keepFocusAndKeys(place);
  let state = explorable.start;
  const syncs: (() => void)[] = [];
  const moved = (next: State): void => {
    state = next;
    draw();
  };
  const handles = explorable.controls.map(control => {
    if (control.kind === "button")
      return button(control.name, control.label, () => moved(control.press(state)));
    const {name, label} = control;
    if (control.kind === "choice") {
      const {element, show} = choice(name, label, control.options, value => moved(control.set(state, value)));
      syncs.push(() => show(control.value(state)));
      return element;
    }
    const {element, show} = slider(name, label, control, value => moved(control.set(state, value)));
    syncs.push(() => show(control.value(state)));
    return element;
  });
  const title = place.querySelector(".multiprize-title");
  const caption = place.querySelector(".multiprize-caption");
  const controls = row(...handles);
  controls.className = "multiprize-controls";
  const panels = part("multiprize-panels");
  const numbers = part("multiprize-numbers");
  const says = part("multiprize-says");
  says.setAttribute("role", "status");
  place.replaceChildren(...[title, caption].filter(kept => kept !== null), controls, panels, numbers, says);
  draw();

  function draw(): void {
    const view = explorable.view(state);
    panels.innerHTML = view.panels.map(each => panelSvg(each)).join("");
    numbers.replaceChildren(
      ...view.numbers.map(each => {
        const [shown, value] = [document.createElement("span"), document.createElement("b")];
        value.textContent = shownText(each);
        shown.append(`${each.label} `, value);
        place.dataset[each.name] = `${each.value}`;
        return shown;
      }),
    );
    says.textContent = view.says;
    for (const sync of syncs) sync();
  }
}

function part(className: string): HTMLElement {
  const made = document.createElement("div");
  made.className = className;
  return made;
}
