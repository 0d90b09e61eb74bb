import {GROUP, main, oneThreadEach} from "./dispatch";

/** Threads along either side of a tile. */
const SIDE = 16;
const THREADS = SIDE * SIDE;
/** A dozen groups for each multiprocessor of the largest GPUs, or as near as the product comes. */
const MANY_GROUPS = 512;
/** Least terms of a sum that a split leaves to a group. */
const LEAST_TERMS = 256;

/**
 * How a factor of C = A·B is read. `across` is its index into C: a row of A, a column of B; `along` the index of the
 * sum.
 * - "across": neighbours across lie side by side. `load` is WGSL of fn NAME4(along: u32, across: u32) -> vec4<f32>, four
 *   of them, 0 where there are none.
 * - "along": terms of the sum lie side by side. `load` is WGSL of fn NAMEAt(across: u32) -> vec3<i32>, what an element
 *   across knows of itself once, and of fn NAME1(at: vec3<i32>, along: u32) -> f32.
 */
export interface Factor {
  readonly contiguous: "across" | "along";
  readonly load: string;
}

export interface Product {
  /** C is [rows, columns], each of its elements a sum of so many terms. */
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
  readonly a: Factor;
  readonly b: Factor;
}

/** A product's shader, its groups, and in how many parts the sums are left: [parts, rows, columns]. */
export interface Tiled {
  readonly code: string;
  readonly groups: number;
  readonly parts: number;
}

export interface Tile {
  /** Elements of C that a thread has, down and across: 4 or 8. */
  readonly down: number;
  readonly across: number;
  /** Terms that are in shared memory at a time. */
  readonly depth: number;
}

export const tiles: readonly Tile[] = [
  {down: 8, across: 8, depth: 8},
  {down: 8, across: 4, depth: 16},
  {down: 4, across: 4, depth: 16},
];

/**
 * C = A·B in tiles: a group of 256 threads brings a tile of A and of B into shared memory, each once, and every thread
 * adds up 4 × 4 to 8 × 8 elements of C in registers. Factors are read through WGSL functions, so that a convolution's
 * patches need not be laid out in memory (implicit im2col). Bindings 0 and 1 are A and B, 2 is C. Terms are added in
 * order, and parts are fixed by the shape alone: equal inputs give equal bits.
 */
export function tiledProduct(product: Product, tile: Tile = tileFor(product)): Tiled {
  const {rows, columns, terms} = product;
  const [height, width] = [SIDE * tile.down, SIDE * tile.across];
  const count = Math.ceil(rows / height) * Math.ceil(columns / width);
  const wanted = Math.max(1, Math.floor(MANY_GROUPS / count));
  const most = Math.max(1, Math.floor(terms / LEAST_TERMS));
  const each = tile.depth * Math.ceil(terms / Math.min(wanted, most) / tile.depth);
  const parts = Math.ceil(terms / each);
  return {code: shader(product, tile, each, count * parts), groups: count * parts, parts};
}

/** The largest tile that still makes groups enough and is no wider than C by half. */
function tileFor({rows, columns}: Product): Tile {
  const fits = ({down, across}: Tile): boolean => {
    const [height, width] = [SIDE * down, SIDE * across];
    const enough = Math.ceil(rows / height) * Math.ceil(columns / width) >= MANY_GROUPS / 2;
    return width <= Math.max(columns, SIDE * 4) && height <= Math.max(rows, SIDE * 4) && enough;
  };
  return tiles.find(fits) ?? tiles[tiles.length - 1];
}

const each = (n: number, text: (i: number) => string): string =>
  Array.from({length: n}, (_, i) => text(i)).join("\n");

function shader(
  {rows, columns, terms, a, b}: Product,
  tile: Tile,
  termsEach: number,
  groups: number,
): string {
  const {down, across, depth} = tile;
  const [height, width] = [SIDE * down, SIDE * across];
  const [tilesDown, tilesAcross] = [Math.ceil(rows / height), Math.ceil(columns / width)];
  const left = side("a", a, height, depth);
  const right = side("b", b, width, depth);
  const [downs, acrosses] = [down / 4, across / 4];
  const whole = columns % 4 === 0;
  return `
${a.load}
${b.load}
@group(0) @binding(2) var<storage, read_write> c: array<${whole ? "vec4<f32>" : "f32"}>;
var<workgroup> tileA: array<vec4<f32>, ${depth * left.stride}>;
var<workgroup> tileB: array<vec4<f32>, ${depth * right.stride}>;
${main(THREADS)}
  let id = ${GROUP};
  if (id >= ${groups}u) { return; }
  let firstColumn = id % ${tilesAcross}u * ${width}u;
  let firstRow = id / ${tilesAcross}u % ${tilesDown}u * ${height}u;
  let part = id / ${tilesAcross * tilesDown}u;
  let begin = part * ${termsEach}u;
  let end = min(begin + ${termsEach}u, ${terms}u);
  let tx = thread % ${SIDE}u;
  let ty = thread / ${SIDE}u;
${left.setUp("firstRow")}
${right.setUp("firstColumn")}
${each(down, r => each(acrosses, j => `  var sum${r}_${j} = vec4<f32>();`))}
${left.fetch("begin")}
${right.fetch("begin")}
  for (var at = begin; at < end; at += ${depth}u) {
    workgroupBarrier();
${left.store}
${right.store}
    workgroupBarrier();
    let next = at + ${depth}u;
    if (next < end) {
${left.fetch("next")}
${right.fetch("next")}
    }
    for (var k = 0u; k < ${depth}u; k++) {
${each(downs, i => `      let a${i} = tileA[k * ${left.stride}u + ${SIDE * i}u + ty];`)}
${each(acrosses, j => `      let b${j} = tileB[k * ${right.stride}u + ${SIDE * j}u + tx];`)}
${each(down, r => each(acrosses, j => `      sum${r}_${j} += a${r >> 2}.${"xyzw"[r & 3]} * b${j};`))}
    }
  }
${each(
  down,
  r => `
  {
    let row = firstRow + ${(r >> 2) * 4 * SIDE + (r & 3)}u + ty * 4u;
    if (row < ${rows}u) {
${each(acrosses, j => writeOut(`sum${r}_${j}`, j, rows, columns, whole))}
    }
  }`,
)}
}`;
}

function writeOut(sum: string, j: number, rows: number, columns: number, whole: boolean): string {
  const at = `      let at${j} = (part * ${rows}u + row) * ${columns}u + column${j};`;
  const column = `      let column${j} = firstColumn + ${j * 4 * SIDE}u + tx * 4u;`;
  const stored = whole
    ? `      if (column${j} < ${columns}u) { c[at${j} / 4u] = ${sum}; }`
    : each(4, i => `      if (column${j} + ${i}u < ${columns}u) { c[at${j} + ${i}u] = ${sum}[${i}]; }`);
  return [column, at, stored].join("\n");
}

interface Side {
  /** Of a term's row in shared memory, in vec4; one is added where it would put threads on one bank. */
  readonly stride: number;
  readonly store: string;
  setUp(first: string): string;
  fetch(from: string): string;
}

/** How a group brings a tile of a factor from memory, through registers, into shared memory. */
function side(name: "a" | "b", {contiguous}: Factor, size: number, depth: number): Side {
  const quads = size / 4;
  const rounds = (depth * quads) / THREADS;
  const shared = name === "a" ? "tileA" : "tileB";
  const registers = each(rounds, i => `  var ${name}Next${i} = vec4<f32>();`);
  if (contiguous === "across") {
    // Neighbouring threads take neighbours across, then the next term.
    const step = THREADS / quads;
    return {
      stride: quads,
      setUp: first => `${registers}
  let ${name}Across = ${first} + thread % ${quads}u * 4u;
  let ${name}Along = thread / ${quads}u;`,
      fetch: from =>
        each(rounds, i => {
          const along = `${from} + ${name}Along + ${i * step}u`;
          return `  ${name}Next${i} = vec4<f32>(); if (${along} < end) { ${name}Next${i} = ${name}4(${along}, ${name}Across); }`;
        }),
      store: each(
        rounds,
        i =>
          `    ${shared}[(${name}Along + ${i * step}u) * ${quads}u + thread % ${quads}u] = ${name}Next${i};`,
      ),
    };
  }
  // Neighbouring threads take neighbouring terms of four elements across.
  const step = THREADS / depth;
  return {
    stride: quads + 1,
    setUp: first => `${registers}
  let ${name}Along = thread % ${depth}u;
  let ${name}Quad = thread / ${depth}u;
${each(rounds, i => each(4, q => `  let ${name}At${i}_${q} = ${name}At(${first} + (${name}Quad + ${i * step}u) * 4u + ${q}u);`))}`,
    fetch: from => `    {
      let along = ${from} + ${name}Along;
      let within = along < end;
${each(rounds, i => {
  const four = [0, 1, 2, 3].map(q => `${name}1(${name}At${i}_${q}, along)`).join(", ");
  return `      ${name}Next${i} = vec4<f32>(); if (within) { ${name}Next${i} = vec4<f32>(${four}); }`;
})}
    }`,
    store: each(
      rounds,
      i => `    ${shared}[${name}Along * ${quads + 1}u + ${name}Quad + ${i * step}u] = ${name}Next${i};`,
    ),
  };
}

/** The parts of a product, [parts, n], added in order: shader and groups. Bindings: 0 the parts, 1 the sum. */
export function sumOfParts(parts: number, n: number): {code: string; groups: number} {
  const [kind, count] = n % 4 === 0 ? ["vec4<f32>", n / 4] : ["f32", n];
  const bindings = `
@group(0) @binding(0) var<storage, read> parts: array<${kind}>;
@group(0) @binding(1) var<storage, read_write> sum: array<${kind}>;`;
  const body = `
  var total = parts[i];
  for (var part = 1u; part < ${parts}u; part++) { total += parts[part * ${count}u + i]; }
  sum[i] = total;`;
  const code = oneThreadEach(THREADS, bindings, `${count}u`, body);
  return {code, groups: Math.ceil(count / THREADS)};
}
