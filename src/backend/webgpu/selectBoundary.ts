// Shaders that find each group's boundary, the smallest score that it keeps, by three counts of digits.
import {GROUP, main} from "./dispatch";
import {runningSums} from "./runningSums";
import {BLOCK, PLAN, THREADS} from "./selectPlan";

/** Most buckets of a digit. */
export const BINS = 2048;
/** A score's 32-bit key as three digits, from the highest: bits below the digit, bits of the digit. */
export const DIGITS = [
  [21, 11],
  [10, 11],
  [0, 10],
] as const;

/** Whole numbers in the order of what is ranked: magnitudes, or the scores themselves; −0 is 0. */
export function keyOf(signed: boolean): string {
  const key = signed
    ? "if (bits > 0x80000000u) { return ~bits; } return bits | 0x80000000u;"
    : "return bits & 0x7fffffffu;";
  return `fn keyOf(bits: u32) -> u32 { ${key} }`;
}

/** state: for each group its boundary's digits so far, and how many of that bucket are still to be kept. */
export const CLEAR: string = `
${PLAN}
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> report: array<i32>;
${main(THREADS)}
  let i = (${GROUP}) * ${THREADS}u + thread;
  if (i < groupCount() * ${BINS}u) { counts[i] = 0u; }
  if (i < groupCount()) { state[2u * i] = 0u; state[2u * i + 1u] = ofGroup(i, 0u); }
  if (i == 0u) { report[0] = 0; }
}`;

/** Counts the scores of each group that share the digits found so far, by their next digit; tells of NaN in report[0]. */
export function count(signed: boolean, digit: number): string {
  const [shift, bits] = DIGITS[digit];
  const buckets = 1 << bits;
  const first = digit === 0;
  return `
${PLAN}
${keyOf(signed)}
@group(0) @binding(1) var<storage, read> scores: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read${first ? "_write" : ""}> ${first ? "report: array<i32>" : "state: array<u32>"};
var<workgroup> own: array<atomic<u32>, ${buckets}>;
${main(THREADS)}
  let block = ${GROUP};
  if (block >= blockCount()) { return; }
  let layer = layerOf(block);
  let mine = groupOf(layer);
  let n = filled(block, layer);
  for (var i = thread; i < ${buckets}u; i += ${THREADS}u) { atomicStore(&own[i], 0u); }
  workgroupBarrier();
${first ? "" : "  let prefix = state[2u * mine];"}
  for (var i = thread; i < n; i += ${THREADS}u) {
    let word = scores[block * ${BLOCK}u + i];
    let key = keyOf(word);
${
  first
    ? `    if ((word & 0x7fffffffu) > 0x7f800000u) { report[0] = 1; }
    atomicAdd(&own[key >> ${shift}u], 1u);`
    : `    if (key >> ${shift + bits}u == prefix) { atomicAdd(&own[(key >> ${shift}u) & ${buckets - 1}u], 1u); }`
}
  }
  workgroupBarrier();
  for (var i = thread; i < ${buckets}u; i += ${THREADS}u) {
    let some = atomicLoad(&own[i]);
    if (some > 0u) { atomicAdd(&counts[mine * ${BINS}u + i], some); }
  }
}`;
}

/** In each group, counting down from the highest bucket: where the count is reached. Leaves the counts empty. */
export function find(digit: number): string {
  const bits = DIGITS[digit][1];
  const each = (1 << bits) / THREADS;
  return `
${PLAN}
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;
${runningSums(THREADS)}
${main(THREADS)}
  let mine = ${GROUP};
  if (mine >= groupCount()) { return; }
  let top = mine * ${BINS}u + ${1 << bits}u - 1u - thread * ${each}u;
  var own = 0u;
  for (var i = 0u; i < ${each}u; i++) { own += counts[top - i]; }
  let until = upTo(thread, own);
  let wanted = state[2u * mine + 1u];
  let prefix = state[2u * mine];
  storageBarrier();
  if (until >= wanted && until - own < wanted) {
    var left = wanted - (until - own);
    var bucket = top;
    while (counts[bucket] < left) { left -= counts[bucket]; bucket -= 1u; }
    state[2u * mine] = (prefix << ${bits}u) | (bucket - mine * ${BINS}u);
    state[2u * mine + 1u] = left;
  }
  storageBarrier();
  for (var i = 0u; i < ${each}u; i++) { counts[top - i] = 0u; }
}`;
}
