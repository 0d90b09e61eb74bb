// The kernels whose bodies are unrolled, as AssemblyScript: a few templates, each filled in several ways.
// V8 hoists every load of a basic block to its front, so a block keeps few values alive between two stores.

const range = n => Array.from({length: n}, (_, i) => i);
const lines = (n, line) => range(n).map(line).join("\n");

/**
 * A full adder on bit vectors: x becomes x ⊕ a ⊕ b, `carry` their majority. x enters last, so that one addition waits
 * for another no longer than a single XOR.
 */
const fullAdder = (x, a, b, carry) =>
  `u = v128.xor(${a}, ${b}); ${carry} = v128.bitselect(${x}, ${a}, u); ${x} = v128.xor(${x}, u);`;

/** x becomes x ⊕ a, `carry` x ∧ a. */
const halfAdder = (x, a, carry) => `${carry} = v128.and(${x}, ${a}); ${x} = v128.xor(${x}, ${a});`;

/** Adds vectors 0 … 7 of equal weight to the planes s0, s1, s2 of 1, 2 and 4 times it; stores the carry of 8 times. */
const addEight = vector => `
        ${lines(8, i => `const x${i} = ${vector(i)};`)}
        ${fullAdder("s0", "x0", "x1", "c")} ${fullAdder("s0", "x2", "x3", "d")} ${fullAdder("s1", "c", "d", "e")}
        ${fullAdder("s0", "x4", "x5", "c")} ${fullAdder("s0", "x6", "x7", "d")} ${fullAdder("s1", "c", "d", "g")}
        ${fullAdder("s2", "e", "g", "c")}
        v128.store(up, c); up += 16;`;

const addFour = vector => `
        ${lines(4, i => `const x${i} = ${vector(i)};`)}
        ${fullAdder("s0", "x0", "x1", "c")} ${fullAdder("s0", "x2", "x3", "d")} ${fullAdder("s1", "c", "d", "e")}
        ${halfAdder("s2", "e", "c")}
        v128.store(up, c); up += 16;`;

/** Adds `count` vectors, or up to three more, which must be zero. */
const addAll = (count, pointer, bytes, vector) => `
      for (; ${count} > 4; ${count} -= 8) {${addEight(vector)} ${pointer} += ${8 * bytes};
      }
      if (${count} > 0) {${addFour(vector)} ${pointer} += ${4 * bytes};
      }`;

/** Ripples the carries between two addresses into the planes h0 … of 64 times and more. */
const ripple = (end, top) => `
      for (; from < ${end}; from += 16) {
        c = v128.load(from);
        ${lines(top - 1, i => `d = v128.and(h${i}, c); h${i} = v128.xor(h${i}, c); c = d;`)}
        h${top - 1} = v128.xor(h${top - 1}, c);
      }`;

const complement = names => names.map(name => `${name} = v128.xor(${name}, ones);`).join(" ");
const loadPlanes = (names, start, at) =>
  names.map((name, i) => `${name} = v128.load(${start}, ${16 * (at + i)});`).join(" ");
const storePlanes = (names, at) =>
  names.map((name, i) => `v128.store(work, ${name}, ${16 * (at + i)});`).join(" ");

/** The bits of kept weight i of a list: one row of pixels, or the rows of several weights side by side. */
function keptVector({lanes, rows}) {
  if (lanes === 1) {
    const address = rows === "far" ? i => `<usize>load<u16>(lists, ${2 * i}) << 4` : i => near(i);
    return i => `v128.load(${address(i)})`;
  }
  const type = lanes === 2 ? "u64" : "u16";
  return i =>
    range(lanes - 1).reduce(
      (vector, lane) => `v128.load_lane<${type}>(${near(lanes * i + lane + 1)}, ${vector}, ${lane + 1})`,
      `v128.load_zero<${lanes === 2 ? "u64" : "u32"}>(${near(lanes * i)})`,
    );
}
const near = i => `<usize>load<u16>(lists, ${2 * i})`;

/**
 * Bit-sliced sparse accumulation. z = start + (kept inputs with a plus) − (those with a minus), for 128 pixels at a
 * time, every filter. Full adders are self-dual, so subtracting is adding between two complements.
 * `bits` stores [z ≥ 0], `sums` 2z + parity as i16. `lanes` weights share a vector where images are smaller than it.
 */
function count({name, out, lanes, top, rows}) {
  const planes = 6 + top;
  const parity = out === "sums" ? 1 : 0;
  const high = range(top).map(i => `h${i}`);
  const whole = out === "sums" || lanes > 1;
  const result = {
    bits: `v128.store(out, h${top - 1});`,
    bits2: `v128.store_lane<u64>(out, v128.xor(v128.load(work, ${16 * (planes - 1)}), ones), 0);`,
    bits8: `v128.store_lane<u16>(out, v128.xor(v128.load(work, ${16 * (planes - 1)}), ones), 0);`,
    sums: `storeSums(v128.load(start), work, ${planes}, out);`,
  }[out === "sums" || lanes === 1 ? out : `bits${lanes}`];
  return `
export function ${name}(
  lists: usize, filters: i32, starts: usize, others: usize, chosen: usize, chosenStride: usize,
  out: usize, outStride: usize, work: usize,
): void {
  const ones = i64x2.splat(-1), none = i64x2.splat(0);
  let u: v128, c: v128, d: v128, e: v128, g: v128;
  for (let f = 0; f < filters; f++, out += outStride) {
    let start = starts;
    starts += ${16 * (planes + parity)};
    if (chosen) {
      chooseStart(v128.load(chosen), others, start, work + 256, ${planes + parity});
      others += ${16 * (planes + parity)};
      chosen += chosenStride;
      start = work + 256;
    }
    let n: i32 = load<u16>(lists), m: i32 = load<u16>(lists, 2);
    lists += 4;
    let s0 = v128.load(start, ${16 * parity}), s1 = v128.load(start, ${16 * (1 + parity)}), s2 = v128.load(start, ${16 * (2 + parity)});
    let up = work + 1024;
    ${addAll("n", "lists", 2 * lanes, keptVector({lanes, rows}))}
      ${complement(["s0", "s1", "s2"])}
      n = <i32>(up - work - 1024) >> 4;
      v128.store(up, none); v128.store(up, none, 16); v128.store(up, none, 32); up += 48;
      const minus = up;
    ${addAll("m", "lists", 2 * lanes, keptVector({lanes, rows}))}
      m = <i32>(up - minus) >> 4;
      v128.store(up, none); v128.store(up, none, 16); v128.store(up, none, 32); up += 48;
      const second = up;
      ${whole ? `${complement(["s0", "s1", "s2"])} ${storePlanes(["s0", "s1", "s2"], 0)}` : ""}
      ${loadPlanes(["s0", "s1", "s2"], "start", 3 + parity)}
      let from = work + 1024;
    ${addAll("n", "from", 16, i => `v128.load(from, ${16 * i})`)}
      ${complement(["s0", "s1", "s2"])}
      const secondMinus = up;
      from = minus;
    ${addAll("m", "from", 16, i => `v128.load(from, ${16 * i})`)}
      ${whole ? `${complement(["s0", "s1", "s2"])} ${storePlanes(["s0", "s1", "s2"], 3)}` : ""}
      let ${high.map((name, i) => `${name} = v128.load(start, ${16 * (6 + parity + i)})`).join(", ")};
      from = second;
    ${ripple("secondMinus", top)}
      ${complement(high)}
    ${ripple("up", top)}
      ${whole ? `${complement(high)} ${storePlanes(high, 6)}` : ""}
      ${lanes > 1 ? `addLanes(work, ${planes}, ${128 / lanes});` : ""}
      ${result}
  }
}
`;
}

/**
 * Sparse sums of reals: `rows` × 4·`columns` pixels a filter, Σ (x_i + x_j) over the pairs of its plus list, minus the
 * same over its minus list; `first` stores it, a later block of channels is added to what is stored. A list holds u16
 * addresses in a packed tile.
 */
function sparse({name, rows, columns}) {
  const cells = range(rows).flatMap(r => range(columns).map(c => [r, c]));
  const each = line => cells.map(([r, c]) => line(`a${r}${c}`, r, c)).join("\n");
  const pairs = (count, operation) => `
    for (; ${count} > 0; ${count}--) {
      const p0 = <usize>load<u16>(lists), q0 = <usize>load<u16>(lists, 2);
      lists += 4;
      ${lines(rows - 1, r => `const p${r + 1} = p${r} + rowBytes, q${r + 1} = q${r} + rowBytes;`)}
      ${each((a, r, c) => `${a} = f32x4.${operation}(${a}, f32x4.add(v128.load(p${r}, ${16 * c}), v128.load(q${r}, ${16 * c})));`)}
    }`;
  return `
export function ${name}(
  lists: usize, filters: i32, first: bool, rowBytes: usize, out: usize, planeBytes: usize, outRowBytes: usize,
): void {
  for (let f = 0; f < filters; f++, out += planeBytes) {
    let n: i32 = load<u16>(lists), m: i32 = load<u16>(lists, 2);
    lists += 4;
    ${each(a => `let ${a} = f32x4.splat(0);`)}
    ${pairs("n", "add")}
    ${pairs("m", "sub")}
    if (!first) {
      ${each((a, r, c) => `${a} = f32x4.add(v128.load(out + ${r} * outRowBytes, ${16 * c}), ${a});`)}
    }
    ${each((a, r, c) => `v128.store(out + ${r} * outRowBytes, ${a}, ${16 * c});`)}
  }
}
`;
}

/** Eight planes of 128 bits to eight vectors: byte q of vector r holds the eight bits of pixel 8q + r. */
function transposeBits() {
  const swap = (a, b, shift, mask) =>
    `t = v128.and(v128.xor(v128.shr<u64>(a${a}, ${shift}), a${b}), i8x16.splat(${mask})); a${b} = v128.xor(a${b}, t); a${a} = v128.xor(a${a}, v128.shl<u64>(t, ${shift}));`;
  const stage = (distance, mask) =>
    range(8)
      .filter(i => (i & distance) === 0)
      .map(i => swap(i, i + distance, distance, mask))
      .join("\n  ");
  return `
function transposeBits(${range(8)
    .map(i => `a${i}: v128`)
    .join(", ")}, out: usize): void {
  let t: v128;
  ${stage(1, "0x55")}
  ${stage(2, "0x33")}
  ${stage(4, "0x0f")}
  ${lines(8, i => `v128.store(out, a${i}, ${16 * i});`)}
}
`;
}

const low = "0, 8, 1, 9, 2, 10, 3, 11";
const high = "4, 12, 5, 13, 6, 14, 7, 15";

/** The 8 × 8 matrix of i16 in m0 … m7, transposed into t0 … t7: three perfect shuffles. */
const transposeWords = ["m p", "p q", "q t"]
  .map(names => names.split(" "))
  .map(([from, to]) =>
    lines(
      4,
      i => `const ${to}${2 * i} = v128.shuffle<i16>(${from}${i}, ${from}${i + 4}, ${low});
    const ${to}${2 * i + 1} = v128.shuffle<i16>(${from}${i}, ${from}${i + 4}, ${high});`,
    ),
  )
  .join("\n    ");

/** Of 16 planes 128 sums: 2z + parity, z in `planes` planes at `work`, sign-extended. */
function storeSums() {
  return `
function storeSums(parity: v128, work: usize, planes: i32, out: usize): void {
  const sign = v128.load(work + <usize>((planes - 1) << 4));
  for (let j = planes; j < 15; j++) v128.store(work + <usize>(j << 4), sign);
  transposeBits(parity, ${range(7)
    .map(i => `v128.load(work, ${16 * i})`)
    .join(", ")}, work + 512);
  transposeBits(${range(8)
    .map(i => `v128.load(work, ${16 * (7 + i)})`)
    .join(", ")}, work + 640);
  for (let half: usize = 0; half < 2; half++, out += 128) {
    const from = work + 512 + 8 * half;
    ${lines(8, i => `const m${i} = v128.shuffle<u8>(v128.load64_zero(from, ${16 * i}), v128.load64_zero(from, ${128 + 16 * i}), 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);`)}
    ${transposeWords}
    ${lines(8, i => `v128.store(out, t${i}, ${16 * i});`)}
  }
}

/** out[pixel][channel] = gain · sums[channel][pixel], 8 channels × 8 pixels. */
export function sumsBlockToNhwc(sums: usize, stride: usize, gain: f32, out: usize, pixelBytes: usize): void {
  const g = f32x4.splat(gain);
  ${lines(8, i => `const m${i} = v128.load(sums + ${i} * stride);`)}
  ${transposeWords}
  ${lines(
    8,
    i => `v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(t${i})), g));
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(t${i})), g), 16); out += pixelBytes;`,
  )}
}
`;
}

/** Every kernel's name and form; the engine picks by name. */
export const countForms = ["bits", "sums"].flatMap(out =>
  [5, 9].flatMap(top => [
    ...[1, 2, 8].map(lanes => ({name: `${out}${lanes}x${top}`, out, lanes, top, rows: "near"})),
    {name: `${out}Far${top}`, out, lanes: 1, top, rows: "far"},
  ]),
);

export function generate() {
  return [
    "// Generated by generate.mjs.",
    'import {addLanes, chooseStart} from "./bitSlicedCounters";',
    transposeBits(),
    storeSums(),
    ...countForms.map(count),
    sparse({name: "sparse2x2", rows: 2, columns: 2}),
    sparse({name: "sparse4x1", rows: 4, columns: 1}),
  ].join("\n");
}
