import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {syntheticImages} from "../../src/bench/syntheticImages";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";
import {heldMemory} from "../garbage";

before(() => useBackend("auto"));

const STEPS = 500;
const BATCH = 8;
const IMAGE: readonly [number, number, number] = [28, 28, 1];
/** What the allocator may still move; a leak of each step's images alone would be 7.5 MB from step 200 to 500. */
const SLACK = 6e6;

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
    const tensors: number[] = [];
    const bytes: number[] = [];
    const held: ReturnType<typeof heldMemory>[] = [];
    const onStep = (): void => {
      const {numTensors, numBytes} = tf.memory();
      tensors.push(numTensors);
      bytes.push(numBytes);
      if (tensors.length === 200 || tensors.length === STEPS) held.push(heldMemory());
    };
    const {network} = await search(spec, syntheticImages(STEPS * BATCH, IMAGE), {onStep});
    network.model.dispose();
    assert.equal(tensors.length, STEPS);
    // The first step makes the optimiser's memory.
    assert.deepEqual([...new Set(tensors.slice(1))], [tensors[1]]);
    assert.deepEqual([...new Set(bytes.slice(1))], [bytes[1]]);
    const [from, to] = await Promise.all(held);
    const growth = to.resident - from.resident;
    assert.ok(growth < SLACK, `resident memory grew by ${growth} bytes from step 200 to ${STEPS}`);
  });
}
