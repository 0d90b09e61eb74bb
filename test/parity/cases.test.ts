import assert from "node:assert/strict";
import {join} from "node:path";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {type BackendName, useBackend} from "../../src/backend/backend";
import {withWiderSums} from "../../src/backend/widerSums";
import {readCase} from "../../src/parity/caseFile";
import {compareCase} from "../../src/parity/compare";
import {replay} from "../../src/parity/replay";
import {assertPasses, firstSteps} from "./assertPasses";
import {expectationOf, smallCase} from "./smallCase";

const small = join(__dirname, "..", "golden", "parity");

const runs: ["tiny" | "tiny-global", BackendName | "auto", number][] = [
  ["tiny", "auto", 5],
  ["tiny", "wasm", 5],
  ["tiny", "cpu", 2],
  ["tiny-global", "auto", 5],
  ["tiny-global", "wasm", 5],
  ["tiny-global", "cpu", 1],
];
for (const [name, backend, steps] of runs) {
  test(`${name}: ${steps} step(s) on the backend ${backend} are the reference's, within the tolerances`, async () => {
    await useBackend(backend);
    const parity = readCase(join(small, `${name}.json`));
    const compared = await withWiderSums(async () =>
      assertPasses(steps < 5 ? firstSteps(parity, steps) : parity),
    );
    assert.ok(compared >= (steps < 5 ? 90 : 120), `${compared} comparisons`);
  });
}

for (const name of ["tiny", "tiny-global"]) {
  const parity = readCase(join(small, `${name}.json`));

  test(`${name}: the native backend's own sums, in float32, are within the tolerances too`, async () => {
    await useBackend("auto");
    assert.ok((await assertPasses(parity)) >= 120);
  });

  test(`${name}: a replay leaves no tensors behind, and a second one repeats it to the bit`, async () => {
    await useBackend("auto");
    const first = await replay(parity, 2);
    const before = tf.memory().numTensors;
    const second = await replay(parity, 2);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(second, first);
  });
}

test("a case without an optimizer is one forward and backward pass", async () => {
  await useBackend("auto");
  const parity = {...smallCase(), optimizer: null};
  const observed = await replay(parity);
  assert.equal(observed.losses.length, 1);
  for (const layer of observed.afterLast.values()) assert.equal(layer.maskChanged, 0);
  assert.ok(compareCase({...parity, expected: expectationOf(observed)}, observed).every(({pass}) => pass));
});
