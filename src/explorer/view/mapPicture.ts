import type {Ticket} from "../../ticket/ticket";
import {type Block, cellOf, type MapLayout, weightAt} from "../model/mapLayout";
import {mapPlace, type Size, screenPlace, type View} from "./camera";

/** −1 and +1, as everywhere in the project: blue and vermilion of Okabe and Ito, told apart by everybody. */
const MINUS = pixel(0x00, 0x72, 0xb2);
const PLUS = pixel(0xd5, 0x5e, 0x00);
/** From this many pixels on a cell shows its sign as a sign, and can be pointed at. */
export const READABLE = 11;

/** Draws the masks of a ticket, at any scale. */
export class MapPicture {
  private readonly sheets = new Map<string, OffscreenCanvas>();

  constructor(
    private readonly layout: MapLayout,
    private readonly ticket: Ticket,
  ) {}

  draw(
    pen: CanvasRenderingContext2D,
    view: View,
    screen: Size,
    chosen: {layer: string; index: number} | undefined,
  ): void {
    const style = getComputedStyle(pen.canvas);
    const ink = style.color;
    pen.clearRect(0, 0, screen.width, screen.height);
    for (const [l, block] of this.layout.blocks.entries()) {
      const corner = screenPlace(view, block, screen);
      const cell = block.cell * view.scale;
      const size = {width: cell * block.columns, height: cell * block.rows};
      if (corner.x > screen.width || corner.y > screen.height) continue;
      if (corner.x + size.width < 0 || corner.y + size.height < 0) continue;
      pen.fillStyle = "rgba(128,128,128,0.10)";
      pen.fillRect(corner.x, corner.y, size.width, size.height);
      pen.imageSmoothingEnabled = cell < 1;
      pen.imageSmoothingQuality = "high";
      pen.drawImage(this.sheet(block, l), corner.x, corner.y, size.width, size.height);
      pen.fillStyle = ink;
      pen.font = `600 13px ${style.fontFamily}`;
      pen.fillText(block.name, Math.max(4, corner.x), Math.max(14, corner.y - 6));
      if (cell >= READABLE) this.signs(pen, view, screen, block, l);
      if (chosen?.layer === block.name) mark(pen, corner, cell, cellOf(block, chosen.index), ink);
    }
  }

  /** The + and − of the cells in sight. */
  private signs(pen: CanvasRenderingContext2D, view: View, screen: Size, block: Block, layer: number): void {
    const {signs} = this.ticket.layers[layer];
    const step = block.cell * view.scale;
    const first = mapPlace(view, {x: 0, y: 0}, screen);
    const [left, top] = [first.x - block.x, first.y - block.y].map(at =>
      Math.max(0, Math.floor(at / block.cell)),
    );
    const corner = screenPlace(view, block, screen);
    pen.strokeStyle = "#fff";
    pen.lineWidth = Math.max(1.2, step / 10);
    pen.beginPath();
    for (let row = top; row < block.rows && corner.y + row * step < screen.height; row++) {
      for (let column = left; column < block.columns && corner.x + column * step < screen.width; column++) {
        const at = {x: block.x + (column + 0.5) * block.cell, y: block.y + (row + 0.5) * block.cell};
        const index = weightAt(block, at.x, at.y);
        if (index === undefined || signs[index] === 0) continue;
        const [x, y, arm] = [corner.x + (column + 0.5) * step, corner.y + (row + 0.5) * step, step / 4];
        pen.moveTo(x - arm, y);
        pen.lineTo(x + arm, y);
        if (signs[index] > 0) {
          pen.moveTo(x, y - arm);
          pen.lineTo(x, y + arm);
        }
      }
    }
    pen.stroke();
  }

  /** A layer's mask, a pixel a weight. */
  private sheet(block: Block, layer: number): OffscreenCanvas {
    const known = this.sheets.get(block.name);
    if (known) return known;
    const {rows, columns, outputs} = block;
    const {signs} = this.ticket.layers[layer];
    const image = new ImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0, input = 0; i < signs.length; input++) {
      const first = (input % rows) * columns + Math.floor(input / rows) * (outputs + 1);
      for (let output = 0; output < outputs; output++, i++)
        if (signs[i] !== 0) pixels[first + output] = signs[i] > 0 ? PLUS : MINUS;
    }
    const sheet = new OffscreenCanvas(columns, rows);
    sheet.getContext("2d")!.putImageData(image, 0, 0);
    this.sheets.set(block.name, sheet);
    return sheet;
  }
}

function mark(
  pen: CanvasRenderingContext2D,
  corner: {x: number; y: number},
  cell: number,
  {column, row}: {column: number; row: number},
  ink: string,
): void {
  const side = Math.max(cell, 9);
  const [x, y] = [corner.x + (column + 0.5) * cell - side / 2, corner.y + (row + 0.5) * cell - side / 2];
  pen.strokeStyle = ink;
  pen.lineWidth = 2.5;
  pen.strokeRect(x, y, side, side);
}

/** An opaque colour as a picture's data hold it, read as one number: red in its first byte, on any machine. */
function pixel(red: number, green: number, blue: number): number {
  return new Uint32Array(Uint8Array.of(red, green, blue, 255).buffer)[0];
}
