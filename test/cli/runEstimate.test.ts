import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {estimateCells} from "../../src/cli/runEstimate";
import {type Cell, cellsOf} from "../../src/experiments/define/experiment";
import {dataSizes} from "../../src/experiments/run/estimate";
import {StepTimes} from "../../src/experiments/run/stepTimes";
import {searchSpec} from "../../src/search/defaults";

const folder = mkdtempSync(join(tmpdir(), "multiprize-estimate-"));
after(() => rmSync(folder, {recursive: true}));

/** Two seeds of one step, and a step of other activations. */
const cells: readonly Cell[] = cellsOf(
  {
    ...{name: "some", title: "Some", question: "", x: "seed", file: "some.json"},
    settings: [{seed: 0}, {seed: 1}, {activation: "sign" as const}].map((given, x) => ({
      ...{curve: "c", x, label: `cell ${x}`},
      given: {...given, arch: "conv2", width: 0.25, batchSize: 8},
    })),
  },
  "laptop",
);

test("what is timed beforehand has a line of progress, each kind of step once; known and scaled steps have none", async () => {
  await useBackend("auto");
  const path = join(folder, "step-times.json");
  const told: string[] = [];
  const tell = (text: string): void => void told.push(text);
  const seconds = await estimateCells(cells, {tell, path});
  assert.match(told[0], /^Measuring a step of each network/);
  assert.deepEqual(
    told.filter(text => /^ {2}\d/.test(text)),
    ["  1 of 2: cell 0\n", "  2 of 2: cell 2\n"],
  );
  assert.equal(seconds[0], seconds[1]);
  assert.ok(seconds.every(each => each > 0 && Number.isFinite(each)));
  told.length = 0;
  assert.deepEqual(await estimateCells(cells, {tell, path}), seconds);
  assert.deepEqual(told, []);
  assert.deepEqual(await estimateCells(cells, {path}), seconds);
});

test("a network too large to be timed needs the step that it is scaled from, and nothing once that is known", async () => {
  await useBackend("auto");
  const times = new StepTimes(join(folder, "scaled.json"));
  const large = searchSpec({arch: "wide-resnet50"});
  const {image} = dataSizes.imagenet;
  assert.match(times.unmeasured(large, image) ?? "", /^conv4 /);
  const other = searchSpec({arch: "conv4", keepFraction: 0.5});
  assert.equal(times.unmeasured(large, image), times.unmeasured(other, dataSizes.cifar10.image));
});
