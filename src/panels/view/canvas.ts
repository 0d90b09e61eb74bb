/** A canvas as large as its box in the page, on any screen, and the ink of the text around it. */
export interface Sheet {
  readonly pen: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly ink: string;
}

export function sheetOf(canvas: HTMLCanvasElement): Sheet {
  const box = canvas.getBoundingClientRect();
  const scale = devicePixelRatio || 1;
  const [width, height] = [Math.max(box.width, 200), Math.max(box.height, 100)];
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.scale(scale, scale);
  const ink = getComputedStyle(canvas).color;
  pen.font = "11px Helvetica, Arial, sans-serif";
  pen.fillStyle = ink;
  return {pen, width, height, ink};
}
