import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {arithmeticOf} from "../../src/backend/arithmetic";
import {useBackend} from "../../src/backend/backend";
import {UserError} from "../../src/core/errors";
import {trainBatch} from "../../src/data/batches";
import {type BatchGradients, batchGradients} from "../../src/search/batchGradients";
import {searchSpec} from "../../src/search/defaults";
import {Interrupted} from "../../src/search/interrupt";
import {buildFor, search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {trainedVariables} from "../../src/search/state";
import {randomDataset} from "../data/synthetic";

before(() => useBackend("auto"));

const data = randomDataset(22, "none", [8, 8, 3]);
const spec = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({arch: "digits", width: 0.25, keepFraction: 0.4, batchSize: 11, epochs: 2, ...given});

async function of(
  given: SearchSpec,
  parts?: number,
): Promise<Omit<BatchGradients, "gradients"> & {gradients: Float32Array[]}> {
  const network = buildFor(given, data);
  const batch = trainBatch(data, {seed: 1, epoch: 0, batch: 0, batchSize: 11});
  const {numTensors} = tf.memory();
  const {gradients, ...rest} = await batchGradients(network, trainedVariables(network, false), batch, {
    arithmetic: arithmeticOf("float32"),
    labelSmoothing: 0.1,
    parts,
  });
  const values = Object.values(gradients).map(gradient => gradient.dataSync<"float32">().slice());
  tf.dispose(gradients);
  assert.equal(tf.memory().numTensors, numTensors, "no tensor is left");
  network.model.dispose();
  return {...rest, gradients: values};
}

test("without batch norm, a batch in parts has the whole batch's loss, hits and gradients", async () => {
  const whole = await of(spec());
  assert.equal(whole.gradients.length, 4);
  for (const parts of [2, 3, 11, 40]) {
    const divided = await of(spec(), parts);
    assert.equal(divided.correct, whole.correct);
    assert.ok(Math.abs(divided.loss - whole.loss) < 1e-6);
    divided.gradients.forEach((gradient, l) => {
      const scale = Math.max(...whole.gradients[l].map(Math.abs));
      const error = Math.max(...gradient.map((value, i) => Math.abs(value - whole.gradients[l][i])));
      assert.ok(error < 1e-5 * scale, `${parts} parts, layer ${l}: ${error} of ${scale}`);
    });
  }
  assert.deepEqual(await of(spec(), 1), whole);
});

test("with batch norm a part is its own batch, so the gradients differ", async () => {
  const given = spec({activation: "sign"});
  assert.notDeepEqual((await of(given, 2)).gradients, (await of(given)).gradients);
});

test("a search in parts leaves no tensors, and one part is the undivided search to the last bit", async () => {
  const scores: (string | null)[] = [];
  for (const batchParts of [undefined, 1, 3]) {
    const counts = new Set<number>();
    let steps = 0;
    const onStep = (): void => {
      if (++steps > 1) counts.add(tf.memory().numTensors);
    };
    const {network, scoresSha256} = await search(spec({batchParts}), data, {onStep});
    assert.equal(counts.size, 1);
    network.model.dispose();
    scores.push(scoresSha256);
  }
  assert.equal(scores[0], scores[1]);
  assert.notEqual(scores[0], scores[2]);
});

test("a number of parts that is not a whole number of at least 1 is refused", () => {
  for (const batchParts of [0, 1.5]) {
    assert.throws(
      () => spec({batchParts}),
      (error: Error) => error instanceof UserError && /batchParts must be a whole number/.test(error.message),
    );
  }
});

test("aborted between two parts of a batch, a search saves and goes on to the same scores, batch norm's values too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "multiprize-parts-"));
  const given = spec({activation: "sign", batchParts: 3});
  const whole = await search(given, data);
  const controller = new AbortController();
  const checkpoint = {directory: folder, resume: true};
  let steps = 0;
  // The second turn of the event loop after the first step falls between two parts of the second.
  const onStep = (): void => {
    steps++;
    setImmediate(() => setImmediate(() => controller.abort(new Interrupted())));
  };
  await assert.rejects(search(given, data, {signal: controller.signal, onStep, checkpoint}), Interrupted);
  assert.equal(steps, 1, "the second step was given up");
  const resumed = await search(given, data, {checkpoint});
  assert.equal(resumed.resumedAt, 1);
  assert.equal(resumed.scoresSha256, whole.scoresSha256);
  const running = (network: typeof whole.network): unknown =>
    network.batchNorms.map(layer => [...layer.variables().runningMean.dataSync()]);
  assert.deepEqual(running(resumed.network), running(whole.network));
  whole.network.model.dispose();
  resumed.network.model.dispose();
  assert.equal(tf.memory().numTensors, 0);
  rmSync(folder, {recursive: true});
});
