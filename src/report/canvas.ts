/** Rectangles painted on one canvas, as SVG. */
interface Painting {
  fillStyle: string;
  cells: Cell[];
}

interface Cell {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
}

interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue, opacity of each pixel, line by line, 0…255. */
  data: Uint8ClampedArray;
}

const paintings = new WeakMap<object, Painting>();

interface Canvas {
  width: number;
  height: number;
}

/**
 * A 2D context that knows the two things Plotly paints a heatmap with: filled rectangles where cells have gaps, pixels
 * where they have none. Both are kept as SVG, so that a heatmap stays sharp at any size and its bytes don't depend on an
 * image compressor. Neighbours of one colour become one rectangle: most of a digit is background.
 */
export function cellPainter(this: Canvas, kind: string): object | null {
  if (kind !== "2d") return null;
  const painting: Painting = {fillStyle: "#000", cells: []};
  paintings.set(this, painting);
  const paint = (cell: Cell): void => {
    const left = painting.cells.at(-1);
    const joins = left?.fill === cell.fill && left.y === cell.y && left.height === cell.height;
    if (joins && left.x + left.width === cell.x) left.width += cell.width;
    else painting.cells.push(cell);
  };
  return Object.assign(painting, {
    fillRect(x: number, y: number, width: number, height: number): void {
      paint({x, y, width, height, fill: painting.fillStyle.replace(/\s/g, "")});
    },
    createImageData: (width: number, height: number): Pixels => ({
      width,
      height,
      data: new Uint8ClampedArray(4 * width * height),
    }),
    putImageData({width, data}: Pixels): void {
      for (let i = 0; 4 * i < data.length; i++) {
        const [red, green, blue, opacity] = data.subarray(4 * i, 4 * i + 4);
        if (opacity === 0) continue;
        const fill = `rgb(${red},${green},${blue})`;
        paint({x: i % width, y: Math.floor(i / width), width: 1, height: 1, fill});
      }
    },
    measureText: () => ({width: 0}),
  });
}

/** What was painted, as an image address; stretched with the image it becomes. */
export function cellPicture(this: Canvas): string {
  const {width, height} = this;
  const cells = (paintings.get(this)?.cells ?? []).map(
    cell =>
      `<rect x="${cell.x}" y="${cell.y}" width="${cell.width}" height="${cell.height}" fill="${cell.fill}"/>`,
  );
  const frame = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" shape-rendering="crispEdges"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${frame}>${cells.join("")}</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}
