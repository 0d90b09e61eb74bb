import type {Pixels} from "../../infer/pictures/picture";
import {button, element} from "./element";
import {opaque} from "./pictures";

const SIDE = 280;
/** Digits fill 20 of 28 pixels, their mass in the middle: so MNIST's were made. */
const INK_SIDE = (SIDE * 20) / 28;
const PEN = 22;

/** A square to draw a digit in, light on dark; `drawn` is called with every stroke as it grows. */
export class Pad {
  readonly root: HTMLElement;
  private readonly canvas = element("canvas", {
    width: SIDE,
    height: SIDE,
    class: "pad",
    role: "img",
    "aria-label":
      "Drawing area: draw a digit with mouse, pen or finger. By keyboard, choose an example below.",
  });
  private readonly pen = this.canvas.getContext("2d", {willReadFrequently: true})!;

  constructor(private readonly drawn: (pixels: Pixels) => void) {
    this.clear();
    Object.assign(this.pen, {strokeStyle: "#fff", lineWidth: PEN, lineCap: "round", lineJoin: "round"});
    this.canvas.addEventListener("pointerdown", event => {
      this.canvas.setPointerCapture(event.pointerId);
      this.line(event, true);
    });
    this.canvas.addEventListener("pointermove", event => {
      if (event.buttons !== 0) for (const each of everyPoint(event)) this.line(each, false);
    });
    const clear = button("Clear", () => this.clear());
    const hint = element("p", {class: "small"}, "Draw on this digit, or clear it and draw your own.");
    this.root = element("div", {class: "padbox"}, this.canvas, clear, hint);
  }

  clear(): void {
    this.pen.fillStyle = "#000";
    this.pen.fillRect(0, 0, SIDE, SIDE);
  }

  /** Draws what another picture looks like, so that it can be drawn on. */
  show({width, height, data}: Pixels): void {
    const shown = new OffscreenCanvas(width, height);
    shown.getContext("2d")!.putImageData(opaque({width, height, data}), 0, 0);
    this.clear();
    const scale = SIDE / Math.max(width, height);
    this.pen.imageSmoothingEnabled = false;
    this.pen.drawImage(
      shown,
      (SIDE - scale * width) / 2,
      (SIDE - scale * height) / 2,
      scale * width,
      scale * height,
    );
  }

  private line({offsetX, offsetY}: PointerEvent, first: boolean): void {
    const scale = SIDE / this.canvas.clientWidth;
    const [x, y] = [offsetX * scale, offsetY * scale];
    if (first) {
      this.pen.beginPath();
      this.pen.moveTo(x, y);
    }
    this.pen.lineTo(x, y);
    this.pen.stroke();
    this.drawn(this.centred());
  }

  /** The drawing as MNIST's digits lie: scaled to 20 of 28 pixels, its centre of mass in the middle. */
  private centred(): Pixels {
    const {data} = this.pen.getImageData(0, 0, SIDE, SIDE);
    let [left, top, right, bottom] = [SIDE, SIDE, -1, -1];
    let [mass, sumX, sumY] = [0, 0, 0];
    for (let i = 0; i < SIDE * SIDE; i++) {
      const ink = data[4 * i];
      if (ink === 0) continue;
      const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      mass += ink;
      sumX += ink * x;
      sumY += ink * y;
    }
    if (mass === 0) return {width: SIDE, height: SIDE, data};
    const scale = INK_SIDE / Math.max(right - left + 1, bottom - top + 1);
    const sheet = new OffscreenCanvas(SIDE, SIDE).getContext("2d")!;
    sheet.fillRect(0, 0, SIDE, SIDE);
    const place = (sum: number): number => SIDE / 2 - (scale * sum) / mass;
    sheet.drawImage(this.canvas, place(sumX), place(sumY), scale * SIDE, scale * SIDE);
    return sheet.getImageData(0, 0, SIDE, SIDE);
  }
}

/** All places that the pointer went through since the last event, where the browser tells. */
function everyPoint(event: PointerEvent): readonly PointerEvent[] {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length > 0 ? all : [event];
}
