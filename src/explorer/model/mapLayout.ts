/** A layer on the map. Its weights are square cells, a row an input and a column an output, cut into bands side by side. */
export interface Block {
  readonly name: string;
  readonly shape: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
  readonly bands: number;
  /** Rows of a band. */
  readonly rows: number;
  /** Cells across, one empty between bands. */
  readonly columns: number;
  /** Place and side of a cell, in the units of the map. */
  readonly x: number;
  readonly y: number;
  readonly cell: number;
}

/** Side of the square that a layer's block fits in, and the room between and above them. */
const SIDE = 100;
const GAP = 24;
const LABEL = 22;

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly blocks: readonly Block[];
}

/** The layers in reading order, as many in a row as show them largest on a screen `aspect` times as wide as high. */
export function mapLayout(
  layers: readonly {readonly name: string; readonly shape: readonly number[]}[],
  aspect: number,
): MapLayout {
  const linesFor = (columns: number): number => Math.ceil(layers.length / columns);
  const scale = (columns: number): number =>
    Math.min(aspect / (columns * (SIDE + GAP)), 1 / (linesFor(columns) * (SIDE + GAP + LABEL)));
  const perRow = layers
    .map((_, i) => i + 1)
    .reduce((best, columns) => (scale(columns) > scale(best) ? columns : best), 1);
  const lines = linesFor(perRow);
  const blocks = layers.map(({name, shape}, l) => {
    const outputs = shape.at(-1)!;
    const inputs = shape.reduce((product, size) => product * size, 1) / outputs;
    const bands = Math.max(1, Math.round(Math.sqrt(inputs / outputs)));
    const rows = Math.ceil(inputs / bands);
    const columns = bands * (outputs + 1) - 1;
    const x = GAP / 2 + (l % perRow) * (SIDE + GAP);
    const y = LABEL + Math.floor(l / perRow) * (SIDE + GAP + LABEL);
    return {name, shape, inputs, outputs, bands, rows, columns, x, y, cell: SIDE / Math.max(rows, columns)};
  });
  return {width: perRow * (SIDE + GAP), height: lines * (SIDE + GAP + LABEL), blocks};
}

/** Column and row of a weight's cell in its block. */
export function cellOf({outputs, rows}: Block, index: number): {column: number; row: number} {
  const [output, input] = [index % outputs, Math.floor(index / outputs)];
  return {column: Math.floor(input / rows) * (outputs + 1) + output, row: input % rows};
}

/** The weight whose cell lies at a place of the map, if one does. */
export function weightAt(block: Block, x: number, y: number): number | undefined {
  const {outputs, inputs, rows, columns, cell} = block;
  const [column, row] = [Math.floor((x - block.x) / cell), Math.floor((y - block.y) / cell)];
  if (column < 0 || row < 0 || column >= columns || row >= rows) return undefined;
  const output = column % (outputs + 1);
  const input = Math.floor(column / (outputs + 1)) * rows + row;
  return output === outputs || input >= inputs ? undefined : input * outputs + output;
}
