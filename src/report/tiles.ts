/**
 * Pictures of one size side by side, `columns` in a row, with an empty line of NaN between: rows for `heatmapFigure`.
 * Each picture is a flat array of `width` values a line. Throws RangeError where their sizes differ or do not fit.
 */
export function imageTiles(
  pictures: readonly ArrayLike<number>[],
  {width, columns}: {width: number; columns: number},
): number[][] {
  const size = pictures[0]?.length ?? 0;
  const odd = pictures.findIndex(picture => picture.length !== size);
  if (odd >= 0) {
    throw new RangeError(`pictures[${odd}] has ${pictures[odd]!.length} values, pictures[0] has ${size}`);
  }
  const height = size / width;
  if (!Number.isInteger(height)) throw new RangeError(`${size} values are not whole lines of ${width}`);
  const across = Math.min(columns, pictures.length);
  const down = Math.ceil(pictures.length / columns);
  const at = (row: number, column: number): number => {
    const [y, x] = [row % (height + 1), column % (width + 1)];
    const picture = pictures[Math.floor(row / (height + 1)) * columns + Math.floor(column / (width + 1))];
    return picture === undefined || y === height || x === width ? Number.NaN : picture[y * width + x]!;
  };
  const rows = Array.from({length: down * (height + 1) - 1}, (_, row) =>
    Array.from({length: across * (width + 1) - 1}, (_, column) => at(row, column)),
  );
  tilings.set(rows, {width, height, columns});
  return rows;
}

/** How rows were laid out: kept beside them, since they are plain numbers to whoever draws them. */
const tilings = new WeakMap<object, {width: number; height: number; columns: number}>();

const MOST_HOVERS = 1500;

/**
 * What each cell says under the pointer: "filter 5, row 1, column 2: −1" of tiled pictures, counted from 1, and nothing
 * between them. undefined for other rows, and where the texts would outweigh the picture.
 */
export function tileHover(
  rows: readonly ArrayLike<number>[],
  tile: string,
  format: (value: number) => string,
): string[][] | undefined {
  const tiling = tilings.get(rows);
  if (tiling === undefined || rows.length * rows[0].length > MOST_HOVERS) return undefined;
  const {width, height, columns} = tiling;
  return rows.map((row, y) =>
    Array.from(row, (value, x) => {
      if (Number.isNaN(value)) return "";
      const index = Math.floor(y / (height + 1)) * columns + Math.floor(x / (width + 1)) + 1;
      return `${tile} ${index}, row ${(y % (height + 1)) + 1}, column ${(x % (width + 1)) + 1}: ${format(value)}`;
    }),
  );
}

/** An axis beside a picture: a title and nothing else. */
export const bare: object = {showticklabels: false, ticks: "", showline: false};

/** Side of a picture's cell in pixels: all of them fill at most 536 by 420. */
export function cellSize(z: number[][]): number {
  return Math.min(536 / Math.max(1, z[0]?.length ?? 0), 420 / Math.max(1, z.length));
}

/** A frame in which the cells of `z` are square; grey shows where there is no value. */
export function pictureFrame(z: number[][]): object {
  const cell = cellSize(z);
  const margin = {l: 44, r: 140, t: 52, b: 44};
  const [across, down] = [Math.round((z[0]?.length ?? 1) * cell), Math.round(z.length * cell)];
  const [width, height] = [across + margin.l + margin.r, down + margin.t + margin.b];
  return {width, height, margin, plot_bgcolor: "rgba(128,128,128,0.3)"};
}
