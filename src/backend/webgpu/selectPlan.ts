/** Scores that a work group takes: 256 threads of 16 neighbours. Every layer begins at a whole block. */
export const BLOCK = 4096;
export const THREADS = 256;

/** Entries of the plan, an int32 tensor: its sizes, then what is told of each group of layers, each layer, each block. */
const HEAD = 3;
const PER_GROUP = 3;
const PER_LAYER = 6;

/**
 * Access to the plan: [groups, layers, blocks]; of each group how many it keeps, its first block and its blocks; of each
 * layer its group, first block, size, kind of gain, denominator (0: the kept count) and the bits of a given gain; of
 * each block its layer.
 */
export const PLAN: string = `
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
