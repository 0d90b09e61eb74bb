import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {syntheticImages} from "../../src/bench/syntheticImages";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {atLength} from "../atLength";
import {heldMemory} from "../garbage";

before(() => useBackend("auto"));

const STEPS = 500;
const BATCH = 8;
const IMAGE: readonly [number, number, number] = [28, 28, 1];
/** What the allocator may still move; a leak of each step's images alone would be 7.5 MB from step 200 to 500. */
const SLACK = 6e6;

/** Tensors and their bytes after each step are those after the second, and resident memory does not grow. */
async function assertConstant(
  spec: SearchSpec,
  image: readonly [number, number, number],
  steps: number,
): Promise<void> {
  const tensors: number[] = [];
  const bytes: number[] = [];
  const held: ReturnType<typeof heldMemory>[] = [];
  const settled = Math.floor(0.4 * steps);
  const onStep = (): void => {
    const {numTensors, numBytes} = tf.memory();
    tensors.push(numTensors);
    bytes.push(numBytes);
    if (tensors.length === settled || tensors.length === steps) held.push(heldMemory());
  };
  const {network} = await search(spec, syntheticImages(steps * BATCH, image), {onStep});
  network.model.dispose();
  assert.equal(tensors.length, steps);
  // The first step makes the optimiser's memory.
  assert.deepEqual([...new Set(tensors.slice(1))], [tensors[1]]);
  assert.deepEqual([...new Set(bytes.slice(1))], [bytes[1]]);
  const [from, to] = await Promise.all(held);
  const growth = to.resident - from.resident;
  assert.ok(growth < SLACK, `resident memory grew by ${growth} bytes from step ${settled} to ${steps}`);
}

for (const selection of ["layerwise", "global"] as const) {
  test(`memory is constant over ${STEPS} steps (${selection})`, async () => {
    const spec = searchSpec({
      arch: "digits",
      activation: "sign",
      width: 0.25,
      keepFraction: 0.5,
      epochs: 1,
      batchSize: BATCH,
      selection,
    });
    await assertConstant(spec, IMAGE, STEPS);
  });
}

const SOME = atLength(60, STEPS);
test(`so is it over ${SOME} steps of a residual network in 16 bits throughout`, async () => {
  const spec = searchSpec({
    arch: "cifar-resnet18",
    width: 0.25,
    keepFraction: 0.2,
    epochs: 1,
    batchSize: BATCH,
    precision: "bfloat16-throughout",
  });
  await assertConstant(spec, [32, 32, 3], SOME);
});
