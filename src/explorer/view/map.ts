import type {Ticket} from "../../ticket/ticket";
import {type Block, cellOf, type MapLayout, mapLayout, weightAt} from "../model/mapLayout";
import {between, type Frame, mapPlace, type Size, type View, viewOf, zoomed} from "./camera";
import {button, element} from "./element";
import {MapPicture, READABLE} from "./mapPicture";

/** The weight that is looked at. */
export interface Chosen {
  readonly layer: string;
  readonly index: number;
}

const MILLISECONDS = 600;

/** One continuous zoom, from all masks of the network to one weight; `choose` is called with the weight pointed at. */
export class WeightMap {
  readonly root: HTMLElement;
  private readonly canvas = element("canvas", {class: "map", tabindex: 0, role: "img", "aria-label": "Map"});
  private readonly pen = this.canvas.getContext("2d")!;
  private layout: MapLayout = {width: 1, height: 1, blocks: []};
  private picture: MapPicture | undefined;
  private view: View = {x: 0, y: 0, scale: 1};
  private chosen: Chosen | undefined;
  private moving = 0;
  private readonly pointers = new Map<number, {x: number; y: number}>();
  private travelled = 0;

  constructor(private readonly choose: (chosen: Chosen) => void) {
    this.root = element(
      "div",
      {class: "mapbox"},
      element(
        "div",
        {class: "tools", role: "group", "aria-label": "Zoom"},
        button("Network", () => this.fly(this.whole())),
        button("Layer", () => this.flyToLayer()),
        button("Weight", () => this.flyToWeight()),
        button("+", () => this.zoom(1.6), {"aria-label": "Zoom in"}),
        button("−", () => this.zoom(1 / 1.6), {"aria-label": "Zoom out"}),
      ),
      this.canvas,
    );
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.canvas);
  }

  /** Shows another ticket, or the same one changed; the view stays where the layers are the same. */
  show(ticket: Ticket): void {
    const same =
      JSON.stringify(ticket.layers.map(({name, shape}) => [name, shape])) ===
      JSON.stringify(this.layout.blocks.map(({name, shape}) => [name, shape]));
    if (!same) {
      const {width, height} = this.screen();
      this.layout = mapLayout(ticket.layers, Math.min(4, Math.max(0.6, width / Math.max(1, height))));
      this.view = viewOf(this.whole(), this.screen());
    }
    this.picture = new MapPicture(this.layout, ticket);
    const names = ticket.layers.map(({name}) => name).join(", ");
    this.canvas.setAttribute(
      "aria-label",
      `Map of the kept weights of ${names}. Arrows go from the chosen weight to its neighbours, + and − zoom, Enter goes to the weight, Home to the network.`,
    );
    this.draw();
  }

  /** Marks a weight, and goes to it if asked. */
  mark(chosen: Chosen, go = false): void {
    this.chosen = chosen;
    if (go) this.flyToWeight();
    else this.draw();
  }

  private whole(): Frame {
    return {x: 0, y: 0, width: this.layout.width, height: this.layout.height};
  }

  private flyToLayer(): void {
    const block = this.layout.blocks.find(({name}) => name === this.chosen?.layer) ?? this.layout.blocks[0];
    if (block) this.fly(frameOf(block));
  }

  private flyToWeight(): void {
    const block = this.layout.blocks.find(({name}) => name === this.chosen?.layer);
    if (block && this.chosen) this.fly(cellFrame(block, this.chosen.index));
  }

  private fly(to: Frame): void {
    const [from, target] = [this.view, viewOf(to, this.screen())];
    cancelAnimationFrame(this.moving);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.view = target;
      this.draw();
      return;
    }
    const started = performance.now();
    const frame = (now: number): void => {
      const share = Math.min(1, Math.max(0, (now - started) / MILLISECONDS));
      this.view = between(from, target, share * share * (3 - 2 * share));
      this.draw();
      if (share < 1) this.moving = requestAnimationFrame(frame);
    };
    this.moving = requestAnimationFrame(frame);
  }

  private zoom(factor: number, at = {x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2}): void {
    cancelAnimationFrame(this.moving);
    this.view = zoomed(this.view, factor, at, this.screen());
    this.draw();
  }

  private pan(x: number, y: number): void {
    this.view = {...this.view, x: this.view.x - x / this.view.scale, y: this.view.y - y / this.view.scale};
    this.draw();
  }

  private screen(): Size {
    return {width: this.canvas.clientWidth || 1, height: this.canvas.clientHeight || 1};
  }

  private resize(): void {
    const {width, height} = this.screen();
    const density = window.devicePixelRatio || 1;
    Object.assign(this.canvas, {width: width * density, height: height * density});
    this.pen.setTransform(density, 0, 0, density, 0, 0);
    this.draw();
  }

  draw(): void {
    this.picture?.draw(this.pen, this.view, this.screen(), this.chosen);
    const block = this.layout.blocks.find(({name}) => name === this.chosen?.layer);
    const cell = (block?.cell ?? 0) * this.view.scale;
    this.canvas.dataset.cell = cell.toFixed(2);
  }

  private listen(): void {
    const {canvas} = this;
    canvas.addEventListener(
      "wheel",
      event => {
        event.preventDefault();
        this.zoom(1.0015 ** -event.deltaY, {x: event.offsetX, y: event.offsetY});
      },
      {passive: false},
    );
    canvas.addEventListener("pointerdown", event => {
      canvas.setPointerCapture(event.pointerId);
      if (this.pointers.size === 0) this.travelled = 0;
      this.pointers.set(event.pointerId, {x: event.offsetX, y: event.offsetY});
    });
    canvas.addEventListener("pointermove", event => this.dragged(event));
    canvas.addEventListener("pointerup", event => {
      this.pointers.delete(event.pointerId);
      if (this.travelled < 6 && this.pointers.size === 0) this.pressed(event.offsetX, event.offsetY);
    });
    canvas.addEventListener("pointercancel", event => this.pointers.delete(event.pointerId));
    canvas.addEventListener("keydown", event => this.key(event));
  }

  /** One finger pans, two also zoom. */
  private dragged(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = {x: event.offsetX, y: event.offsetY};
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    this.travelled += Math.hypot(now.x - before.x, now.y - before.y);
    const fingers = this.pointers.size;
    this.pan((now.x - before.x) / fingers, (now.y - before.y) / fingers);
    if (!other) return;
    const spread = (at: {x: number; y: number}): number => Math.hypot(at.x - other.x, at.y - other.y);
    this.zoom(spread(now) / Math.max(1, spread(before)), {
      x: (now.x + other.x) / 2,
      y: (now.y + other.y) / 2,
    });
  }

  /** A cell large enough to be meant is chosen; else the layer under the pointer comes near. */
  private pressed(x: number, y: number): void {
    const at = mapPlace(this.view, {x, y}, this.screen());
    for (const block of this.layout.blocks) {
      const index = weightAt(block, at.x, at.y);
      if (index === undefined) continue;
      if (block.cell * this.view.scale >= READABLE) this.choose({layer: block.name, index});
      else this.zoom(4, {x, y});
      return;
    }
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const step = steps[event.key];
    if (step) this.move(...step);
    else if (event.key === "+" || event.key === "=") this.zoom(1.6);
    else if (event.key === "-") this.zoom(1 / 1.6);
    else if (event.key === "Home") this.fly(this.whole());
    else if (event.key === "Enter") this.flyToWeight();
    else return;
    event.preventDefault();
  }

  /** The arrows go from the chosen weight to its neighbour. */
  private move(columns: number, rows: number): void {
    const block = this.layout.blocks.find(({name}) => name === this.chosen?.layer);
    if (!block || !this.chosen) return;
    const {column, row} = cellOf(block, this.chosen.index);
    const at = {
      x: block.x + (column + columns + 0.5) * block.cell,
      y: block.y + (row + rows + 0.5) * block.cell,
    };
    const index = weightAt(block, at.x, at.y) ?? weightAt(block, at.x + columns * block.cell, at.y);
    if (index !== undefined) this.choose({layer: block.name, index});
  }
}

function frameOf({x, y, columns, rows, cell}: Block): Frame {
  const margin = 8;
  return {
    x: x - margin,
    y: y - 2 * margin,
    width: columns * cell + 2 * margin,
    height: rows * cell + 3 * margin,
  };
}

/** A weight with some of its neighbours. */
function cellFrame(block: Block, index: number): Frame {
  const {column, row} = cellOf(block, index);
  const around = 15;
  return {
    x: block.x + (column + 0.5 - around / 2) * block.cell,
    y: block.y + (row + 0.5 - around / 2) * block.cell,
    width: around * block.cell,
    height: around * block.cell,
  };
}
