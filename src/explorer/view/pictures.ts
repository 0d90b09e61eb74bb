import type {Dataset} from "../../data/dataset";
import {imageSize} from "../../data/dataset";
import type {Pixels} from "../../infer/pictures/picture";
import {button, element} from "./element";

const SHOWN = 10;

/** Test picture `index` of a sample. */
export function examplePixels(sample: Dataset, index: number): Pixels {
  const size = imageSize(sample);
  const [height, width] = sample.imageShape;
  return {width, height, data: sample.test.images.subarray(index * size, (index + 1) * size)};
}

/** Test pictures to choose from, one of each class and then others; reachable by keyboard, each with its label. */
export class Examples {
  readonly root: HTMLElement;
  private readonly list = element("div", {class: "examples", role: "group", "aria-label": "Test pictures"});
  private round = 0;
  private sample: Dataset | undefined;

  constructor(private readonly choose: (index: number) => void) {
    const more = button("Others", () => {
      this.round++;
      this.fill();
    });
    this.root = element("div", {class: "examplebox"}, this.list, more);
  }

  show(sample: Dataset | undefined): void {
    this.sample = sample;
    this.round = 0;
    this.root.hidden = sample === undefined;
    this.fill();
  }

  mark(index: number | undefined): void {
    for (const each of this.list.children)
      each.setAttribute(
        "aria-pressed",
        `${index !== undefined && (each as HTMLElement).dataset.index === `${index}`}`,
      );
  }

  private fill(): void {
    const {sample} = this;
    if (!sample) return;
    this.list.replaceChildren(
      ...chosenExamples(sample, this.round).map(index => {
        const name = sample.classNames[sample.test.labels[index]];
        const label = `Test picture ${index}: ${name}`;
        const made = button("", () => this.choose(index), {
          "aria-label": label,
          title: label,
          "data-index": index,
        });
        made.append(thumbnail(examplePixels(sample, index)));
        return made;
      }),
    );
  }
}

/** The `round`-th test picture of each class, of the first ten classes. */
export function chosenExamples({test: {labels}, classNames}: Dataset, round: number): number[] {
  return classNames.slice(0, SHOWN).flatMap((_, label) => {
    const own = [...labels.keys()].filter(i => labels[i] === label);
    return own.length === 0 ? [] : [own[round % own.length]];
  });
}

function thumbnail({width, height, data}: Pixels): HTMLCanvasElement {
  const sheet = element("canvas", {width, height, "aria-hidden": "true"});
  sheet.getContext("2d")!.putImageData(opaque({width, height, data}), 0, 0);
  return sheet;
}

/** Pixels of 1, 3 or 4 bytes as a canvas takes them, opaque. */
export function opaque({width, height, data}: Pixels): ImageData {
  const values = data.length / (width * height);
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = data[values * i + (values === 1 ? 0 : c)];
    image.data[4 * i + 3] = 255;
  }
  return image;
}
