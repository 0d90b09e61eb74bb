import type {Said} from "../model/explorer";
import {element, percent} from "./element";
import {opaque} from "./pictures";

const MOST_CLASSES = 10;

/** What the network says of the picture: a bar a class, and the picture as the network sees it. */
export class Answer {
  readonly root: HTMLElement;
  private readonly spoken = element("output", {class: "spoken", "aria-live": "polite"}, "…");
  private readonly list = element("ol", {class: "classes"});
  private readonly sheet = element("canvas", {
    class: "seen",
    role: "img",
    "aria-label": "The picture as the network sees it",
  });

  constructor() {
    const caption = element("figcaption", {}, "as the network sees it");
    this.root = element(
      "div",
      {class: "answer"},
      element("p", {class: "says"}, "The network says ", this.spoken),
      this.list,
      element("figure", {class: "seenbox"}, this.sheet, caption),
    );
  }

  show({className, probability, classes, seen}: Said, [height, width]: readonly number[]): void {
    this.spoken.textContent = `${className}, ${percent(probability)}`;
    this.root.dataset.says = className;
    this.root.dataset.probability = `${probability}`;
    // Few classes keep their places, so that the eye can watch one; of many the most probable stand first.
    const rows =
      classes.length <= MOST_CLASSES
        ? [...classes].sort((a, b) => a.label - b.label)
        : classes.slice(0, MOST_CLASSES);
    this.list.replaceChildren(
      ...rows.map(each => {
        const bar = element("span", {class: "bar"});
        bar.style.setProperty("--share", `${each.probability}`);
        return element(
          "li",
          {class: each.name === className ? "most" : undefined},
          element("span", {class: "name"}, each.name),
          bar,
          element("span", {class: "share"}, percent(each.probability)),
        );
      }),
    );
    Object.assign(this.sheet, {width, height});
    const image = opaque({width, height, data: seen});
    this.sheet.getContext("2d")!.putImageData(image, 0, 0);
  }
}
