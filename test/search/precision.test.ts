import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {precisionHere} from "../../src/backend/arithmetic";
import {useBackend} from "../../src/backend/backend";
import type {KernelPlan} from "../../src/backend/kernelPlan";
import type {Dataset} from "../../src/data/dataset";
import {searchSpec} from "../../src/search/defaults";
import type {SearchResult} from "../../src/search/result";
import {type SearchOptions, search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {fewDigits} from "../digits";

let digits: Dataset;
let lacking: string | undefined;
const folder = mkdtempSync(join(tmpdir(), "multiprize-precision-"));
before(async () => {
  await useBackend("auto");
  lacking = precisionHere("bfloat16").notice;
  digits = await fewDigits(320, 200);
});
after(() => rmSync(folder, {recursive: true}));

const spec = (precision: SearchSpec["precision"]): SearchSpec =>
  searchSpec({arch: "digits", width: 0.25, epochs: 2, batchSize: 64, seed: 3, keepFraction: 0.3, precision});

async function result(
  precision: SearchSpec["precision"],
  options: SearchOptions = {},
): Promise<SearchResult> {
  const found = await search(spec(precision), digits, options);
  found.network.model.dispose();
  return found;
}

/** Every kernel in bfloat16, whatever was measured. */
const allNarrow = (plan: KernelPlan): KernelPlan =>
  Object.fromEntries(
    Object.keys(plan).map((key, i) => [
      key,
      key.startsWith("Conv2DBackpropFilter") && i % 2 === 0 ? "bfloat16-shifted" : "bfloat16",
    ]),
  );

test("the record says the precision, and the form of every kernel and shape", async t => {
  if (lacking) return t.skip(lacking);
  const {machine, kernelPlan} = await result("bfloat16");
  assert.equal(machine.precision, "bfloat16");
  const met = (plan: KernelPlan): string[] =>
    [...new Set(Object.keys(plan).map(key => key.split(" ")[0]))].sort();
  const gradients = ["BatchMatMulV2", "Conv2DBackpropFilter", "Conv2DBackpropInput"];
  assert.deepEqual(met(kernelPlan), gradients);
  for (const form of Object.values(kernelPlan))
    assert.match(form, /^(float32|bfloat16|bfloat16-shifted|winograd-int16)$/);
  const throughout = await result("bfloat16-throughout");
  assert.equal(throughout.machine.precision, "bfloat16-throughout");
  assert.deepEqual(met(throughout.kernelPlan), [...gradients, "Conv2D"].sort());
});

test("two bfloat16 searches of one spec agree to the last bit, and differ from float32", async t => {
  if (lacking) return t.skip(lacking);
  const kernelPlan = allNarrow((await result("bfloat16")).kernelPlan);
  const first = await result("bfloat16", {kernelPlan});
  assert.deepEqual(first.kernelPlan, kernelPlan);
  assert.equal((await result("bfloat16", {kernelPlan})).scoresSha256, first.scoresSha256);
  assert.notEqual((await result("float32")).scoresSha256, first.scoresSha256);
});

test("a bfloat16 search interrupted in the middle of an epoch goes on with the checkpoint's forms, to the same scores", async t => {
  if (lacking) return t.skip(lacking);
  const kernelPlan = allNarrow((await result("bfloat16")).kernelPlan);
  const whole = await result("bfloat16", {kernelPlan});
  for (const stopAfter of [1, 3, 7]) {
    const directory = join(folder, `resume-${stopAfter}`);
    const controller = new AbortController();
    let steps = 0;
    const onStep = (): void => {
      steps++;
      if (steps === stopAfter) controller.abort(new Error("stopped by the test"));
    };
    const interrupted = result("bfloat16", {
      kernelPlan,
      onStep,
      signal: controller.signal,
      checkpoint: {directory},
    });
    await assert.rejects(interrupted, /stopped by the test/);
    const resumed = await result("bfloat16", {checkpoint: {directory, resume: true}});
    assert.equal(resumed.resumedAt, stopAfter);
    assert.deepEqual(resumed.kernelPlan, kernelPlan);
    assert.equal(resumed.scoresSha256, whole.scoresSha256, `stopped after step ${stopAfter}`);
  }
});

test("a float32 search has the same scores while a bfloat16 one runs beside it, and names no forms", async t => {
  const alone = await result("float32");
  assert.deepEqual(alone.kernelPlan, {});
  assert.equal(alone.machine.precision, "float32");
  if (lacking) return t.skip(lacking);
  const [beside] = await Promise.all([result("float32"), result("bfloat16")]);
  assert.equal(beside.scoresSha256, alone.scoresSha256);
});

test("on a backend without bfloat16 the search gives notice, computes in float32 and records that", async () => {
  await useBackend("cpu");
  try {
    const notices: string[] = [];
    const few = await fewDigits(4, 4);
    const given = {...spec("bfloat16"), epochs: 1, batchSize: 4};
    const {machine, kernelPlan, network} = await search(given, few, {
      onNotice: notice => notices.push(notice),
    });
    network.model.dispose();
    assert.equal(machine.precision, "float32");
    assert.deepEqual(kernelPlan, {});
    assert.deepEqual(notices, ["the backend cpu has no bfloat16; it computes in float32"]);
  } finally {
    await useBackend("auto");
  }
});
