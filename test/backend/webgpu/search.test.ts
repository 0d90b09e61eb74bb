import assert from "node:assert/strict";
import {join} from "node:path";
import {describe, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {backendInfo} from "../../../src/backend/backend";
import {webgpuBackend} from "../../../src/backend/webgpu/read";
import {syntheticImages} from "../../../src/bench/syntheticImages";
import {readCase} from "../../../src/parity/caseFile";
import {searchSpec} from "../../../src/search/defaults";
import {type SearchOptions, search} from "../../../src/search/search";
import type {SearchSpec} from "../../../src/search/spec";
import {atLength} from "../../atLength";
import {withFolder} from "../../data/synthetic";
import {assertPasses} from "../../parity/assertPasses";
import {onWebgpu} from "./adapter";

const BATCH = 4;
const STEPS = 3;
/** Steps over which memory is watched. */
const LONG = atLength(20, 300);

const spec = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({arch: "digits", width: 0.125, keepFraction: 0.4, batchSize: BATCH, epochs: 1, ...given});

/** The scores' hash after so many steps on synthetic digits. */
async function hashAfter(
  steps: number,
  given: SearchSpec,
  options: SearchOptions = {},
): Promise<string | null> {
  const {network, scoresSha256, machine} = await search(
    given,
    syntheticImages(steps * BATCH, [28, 28, 1]),
    options,
  );
  network.model.dispose();
  assert.equal(machine.version, backendInfo().version);
  return scoresSha256;
}

describe("searches on WebGPU", () => {
  for (const name of ["tiny", "tiny-global"]) {
    test(`the reference's case ${name} passes, its scores selected on the device`, {
      timeout: 1.2e6,
    }, async t => {
      if (!(await onWebgpu(t))) return;
      const parity = readCase(join(__dirname, "..", "..", "golden", "parity", `${name}.json`));
      assert.ok((await assertPasses(parity)) >= 120);
    });
  }

  const kinds: [string, Partial<SearchSpec>][] = [
    ["ReLU, SGD", {}],
    ["signs, Adam, batch norm", {activation: "sign"}],
    ["global selection", {selection: "global"}],
    ["a learned gain", {gain: "learned"}],
    ["signed ranking", {ranking: "signed"}],
  ];
  for (const [what, given] of kinds) {
    test(`two searches with ${what} are equal to the last bit, and a resumed one too`, async t => {
      if (!(await onWebgpu(t))) return;
      const whole = await hashAfter(STEPS, spec(given));
      assert.notEqual(whole, await hashAfter(STEPS, spec({...given, epochs: 0})), "steps move the scores");
      await withFolder(async folder => {
        const checkpoint = {directory: folder, resume: true};
        const enough = new AbortController();
        const stopped = hashAfter(STEPS, spec(given), {
          checkpoint,
          signal: enough.signal,
          onStep: ({batch}) => batch === 2 && enough.abort(),
        });
        await assert.rejects(stopped, {name: "AbortError"});
        assert.equal(await hashAfter(STEPS, spec(given), {checkpoint}), whole);
      });
    });
  }

  for (const [what, given] of kinds.slice(0, 2)) {
    test(`memory is constant over ${LONG} steps with ${what}, on the host and on the device`, async t => {
      if (!(await onWebgpu(t))) return;
      const tensors: number[] = [];
      const allocated: number[] = [];
      const onStep = (): void => {
        tensors.push(tf.memory().numTensors);
        allocated.push(webgpuBackend().bufferManager.numBytesAllocated);
      };
      await hashAfter(LONG, spec(given), {onStep});
      assert.equal(tensors.length, LONG);
      // The first step makes the optimiser's memory, the first few fill the pool of buffers.
      assert.deepEqual([...new Set(tensors.slice(1))], [tensors[1]]);
      assert.deepEqual([...new Set(allocated.slice(LONG / 2))], [allocated[LONG / 2]]);
    });
  }
});
