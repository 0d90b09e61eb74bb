// Shaders that tell kept from dropped at the boundary, take each layer's gain over the kept, and write W_eff.
import {gainKinds} from "../operations";
import {GROUP, main} from "./dispatch";
import {runningSums} from "./runningSums";
import {keyOf} from "./selectBoundary";
import {BLOCK, PLAN, THREADS} from "./selectPlan";

/** Neighbours that a thread takes. */
const EACH = BLOCK / THREADS;

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
${runningSums(THREADS)}
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
${runningSums(THREADS)}
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
