import {GROUP, main} from "./dispatch";

/** Scores that a work group takes: 256 threads of 16 neighbours. Every layer begins at a whole block. */
export const BLOCK = 4096;
const THREADS = 256;
const EACH = BLOCK / THREADS;
/** Most buckets of a digit. */
export const BINS = 2048;
/** A score's 32-bit key as three digits, from the highest: bits below the digit, bits of the digit. */
export const DIGITS = [
  [21, 11],
  [10, 11],
  [0, 10],
] as const;

/** How the gain of a layer is had from its kept weights. */
export const gainKinds = {meanKept: 0, rmsKept: 1, given: 2, none: 3} as const;

/** Entries of the plan, an int32 tensor: its sizes, then what is told of each group of layers, each layer, each block. */
const HEAD = 3;
const PER_GROUP = 3;
const PER_LAYER = 6;

/**
 * Access to the plan: [groups, layers, blocks]; of each group how many it keeps, its first block and its blocks; of each
 * layer its group, first block, size, kind of gain, denominator (0: the kept count) and the bits of a given gain; of
 * each block its layer.
 */
const PLAN = `
@group(0) @binding(0) var<storage, read> plan: array<i32>;
fn groupCount() -> u32 { return u32(plan[0]); }
fn layerCount() -> u32 { return u32(plan[1]); }
fn blockCount() -> u32 { return u32(plan[2]); }
fn ofGroup(g: u32, i: u32) -> u32 { return u32(plan[${HEAD}u + g * ${PER_GROUP}u + i]); }
fn ofLayer(layer: u32, i: u32) -> i32 {
  return plan[${HEAD}u + groupCount() * ${PER_GROUP}u + layer * ${PER_LAYER}u + i];
}
fn layerOf(block: u32) -> u32 {
  return u32(plan[${HEAD}u + groupCount() * ${PER_GROUP}u + layerCount() * ${PER_LAYER}u + block]);
}
fn groupOf(layer: u32) -> u32 { return u32(ofLayer(layer, 0u)); }
fn layerBegin(layer: u32) -> u32 { return u32(ofLayer(layer, 1u)); }
fn layerSize(layer: u32) -> u32 { return u32(ofLayer(layer, 2u)); }
fn filled(block: u32, layer: u32) -> u32 {
  return min(${BLOCK}u, layerSize(layer) - (block - layerBegin(layer)) * ${BLOCK}u);
}`;

/** Whole numbers in the order of what is ranked: magnitudes, or the scores themselves; −0 is 0. */
function keyOf(signed: boolean): string {
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

/** The running sums of `own` over a group's threads, in `shared`; every thread of the group must come by. */
const SCAN = `
var<workgroup> running: array<u32, ${THREADS}>;
fn upTo(thread: u32, own: u32) -> u32 {
  running[thread] = own;
  workgroupBarrier();
  for (var step = 1u; step < ${THREADS}u; step *= 2u) {
    var before = 0u;
    if (thread >= step) { before = running[thread - step]; }
    workgroupBarrier();
    running[thread] += before;
    workgroupBarrier();
  }
  return running[thread];
}`;

/** In each group, counting down from the highest bucket: where the count is reached. Leaves the counts empty. */
export function find(digit: number): string {
  const bits = DIGITS[digit][1];
  const each = (1 << bits) / THREADS;
  return `
${PLAN}
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;
${SCAN}
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

/** How many scores of each block are equal to its group's boundary. */
export function ties(signed: boolean): string {
  return `
${PLAN}
${keyOf(signed)}
@group(0) @binding(1) var<storage, read> scores: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> equal: array<u32>;
var<workgroup> total: atomic<u32>;
${main(THREADS)}
  let block = ${GROUP};
  if (block >= blockCount()) { return; }
  let layer = layerOf(block);
  let n = filled(block, layer);
  let value = state[2u * groupOf(layer)];
  if (thread == 0u) { atomicStore(&total, 0u); }
  workgroupBarrier();
  var own = 0u;
  for (var i = thread; i < n; i += ${THREADS}u) {
    if (keyOf(scores[block * ${BLOCK}u + i]) == value) { own++; }
  }
  if (own > 0u) { atomicAdd(&total, own); }
  workgroupBarrier();
  if (thread == 0u) { equal[block] = atomicLoad(&total); }
}`;
}

/** Turns each block's ties into those before it in its group. */
export const BEFORE: string = `
${PLAN}
@group(0) @binding(1) var<storage, read_write> equal: array<u32>;
${SCAN}
${main(THREADS)}
  let mine = ${GROUP};
  if (mine >= groupCount()) { return; }
  let first = ofGroup(mine, 1u);
  let n = ofGroup(mine, 2u);
  let each = (n + ${THREADS - 1}u) / ${THREADS}u;
  let begin = first + min(thread * each, n);
  let end = first + min((thread + 1u) * each, n);
  var own = 0u;
  for (var b = begin; b < end; b++) { own += equal[b]; }
  var place = upTo(thread, own) - own;
  for (var b = begin; b < end; b++) {
    let some = equal[b];
    equal[b] = place;
    place += some;
  }
}`;

/** What a thread needs to tell its 16 neighbours kept from dropped. */
function mask(signed: boolean): string {
  return `
${PLAN}
${keyOf(signed)}
@group(0) @binding(1) var<storage, read> scores: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> state: array<u32>;
@group(0) @binding(4) var<storage, read> earlier: array<u32>;
${SCAN}
/** The place among its group's ties of a thread's first, from 0. */
fn placeOf(block: u32, thread: u32, n: u32, value: u32) -> u32 {
  var own = 0u;
  for (var j = 0u; j < ${EACH}u; j++) {
    let i = thread * ${EACH}u + j;
    if (i < n) { if (keyOf(scores[block * ${BLOCK}u + i]) == value) { own++; } }
  }
  return earlier[block] + upTo(thread, own) - own;
}`;
}

const NEIGHBOURS = `
  let block = ${GROUP};
  if (block >= blockCount()) { return; }
  let layer = layerOf(block);
  let n = filled(block, layer);
  let value = state[2u * groupOf(layer)];
  let wanted = state[2u * groupOf(layer) + 1u];
  var place = placeOf(block, thread, n, value);`;

const KEPT = `
    let key = keyOf(scores[block * ${BLOCK}u + i]);
    var kept = key > value;
    if (key == value) { kept = place < wanted; place++; }`;

/** Of each block: how many it keeps, and Σ |w| or Σ w² over them, in a fixed order. */
export function partial(signed: boolean): string {
  return `
${mask(signed)}
@group(0) @binding(5) var<storage, read_write> sums: array<f32>;
var<workgroup> tree: array<vec2<f32>, ${THREADS}>;
${main(THREADS)}
${NEIGHBOURS}
  let squared = ofLayer(layer, 3u) == ${gainKinds.rmsKept};
  var own = vec2<f32>();
  for (var j = 0u; j < ${EACH}u; j++) {
    let i = thread * ${EACH}u + j;
    if (i >= n) { break; }
${KEPT}
    if (kept) {
      let w = weights[block * ${BLOCK}u + i];
      own += vec2<f32>(1.0, select(abs(w), w * w, squared));
    }
  }
  tree[thread] = own;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) { tree[thread] += tree[thread + half]; }
    workgroupBarrier();
  }
  if (thread == 0u) { sums[2u * block] = tree[0].x; sums[2u * block + 1u] = tree[0].y; }
}`;
}

/** Of each layer: its gain, and in the report how many weights it keeps. One work group a layer. */
export const TOTAL: string = `
${PLAN}
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> gains: array<f32>;
@group(0) @binding(3) var<storage, read_write> report: array<i32>;
var<workgroup> counts: array<u32, ${THREADS}>;
var<workgroup> tree: array<f32, ${THREADS}>;
${main(THREADS)}
  let layer = ${GROUP};
  if (layer >= layerCount()) { return; }
  let first = layerBegin(layer);
  let n = (layerSize(layer) + ${BLOCK - 1}u) / ${BLOCK}u;
  var kept = 0u;
  var sum = 0.0;
  for (var b = thread; b < n; b += ${THREADS}u) {
    kept += u32(sums[2u * (first + b)]);
    sum += sums[2u * (first + b) + 1u];
  }
  counts[thread] = kept;
  tree[thread] = sum;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) { tree[thread] += tree[thread + half]; counts[thread] += counts[thread + half]; }
    workgroupBarrier();
  }
  if (thread == 0u) {
    report[1u + layer] = i32(counts[0]);
    let kind = ofLayer(layer, 3u);
    // A denominator of 0 stands for the kept count itself.
    let denominator = select(f32(counts[0]), f32(ofLayer(layer, 4u)), ofLayer(layer, 4u) > 0);
    let mean = tree[0] / denominator;
    var gain = bitcast<f32>(ofLayer(layer, 5u));
    if (kind == ${gainKinds.meanKept}) { gain = mean; }
    if (kind == ${gainKinds.rmsKept}) { gain = sqrt(mean); }
    gains[layer] = gain;
  }
}`;

/** W_eff: gain · sign(w) of the kept, or w itself. */
export function apply(signed: boolean): string {
  return `
${mask(signed)}
@group(0) @binding(5) var<storage, read> gains: array<f32>;
@group(0) @binding(6) var<storage, read_write> effective: array<f32>;
${main(THREADS)}
${NEIGHBOURS}
  let gain = gains[layer];
  let whole = ofLayer(layer, 3u) == ${gainKinds.none};
  for (var j = 0u; j < ${EACH}u; j++) {
    let i = thread * ${EACH}u + j;
    if (i >= n) { break; }
${KEPT}
    let w = weights[block * ${BLOCK}u + i];
    effective[block * ${BLOCK}u + i] = select(0.0, select(gain * sign(w), w, whole), kept);
  }
}`;
}
