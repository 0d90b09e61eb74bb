import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {join} from "node:path";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import type {Dataset} from "../../src/data/dataset";
import {loadDataset} from "../../src/data/load";
import {compareEngines, comparePredictions} from "../../src/evaluate/agreement";
import {evaluateTicket} from "../../src/evaluate/evaluateTicket";
import {withPredictor} from "../../src/evaluate/predict";
import {predictors} from "../../src/evaluate/predictors";
import {inferenceOf} from "../../src/infer/inferenceOf";
import {writeTicket} from "../../src/ticket/file";
import {withFolder} from "../data/synthetic";
import {randomTicket} from "../ticket/randomTicket";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");
const ticket = randomTicket({width: 0.25, batchNorm: "learned"});
let digits: Dataset;
before(async () => {
  await useBackend("auto");
  digits = await loadDataset("mnist");
});

test("every engine finds the same accuracy", async () => {
  const found: number[] = [];
  for (const name of predictors) {
    const options = {images: 30, batchSize: 7};
    const {correct, images, accuracy} = await withPredictor(ticket, name, predict =>
      evaluateTicket(ticket, predict, digits, options),
    );
    assert.deepEqual([images, accuracy], [30, (100 * correct) / 30]);
    found.push(correct);
  }
  assert.deepEqual(found, [found[0], found[0], found[0]]);
});

test("wasm is its reference to the last bit, and within rounding of TensorFlow", async () => {
  const options = {images: 25, batchSize: 10};
  const exact = await compareEngines(ticket, "wasm", "reference", digits, options);
  const {agreement, evaluation} = await compareEngines(ticket, "wasm", "tensorflow", digits, options);
  assert.deepEqual([exact.agreement.identical, exact.agreement.agrees], [25, true]);
  assert.deepEqual([agreement.sameClass, agreement.apart, agreement.agrees], [25, [], true]);
  assert.ok(agreement.largestDifference > 0 && agreement.largestDifference < 1e-4);
  assert.deepEqual(evaluation.correct, exact.evaluation.correct);
});

test("predictions of another ticket do not agree, and no sign explains them", async () => {
  for (const activation of ["relu", "sign"] as const) {
    const [one, other] = [1, 2].map(seed =>
      randomTicket({width: 0.25, activation, batchNorm: "learned", seed}),
    );
    const {agreement} = await withPredictor(one, "tensorflow", async theirs => {
      const {logits} = await inferenceOf(other);
      const sides = [
        {name: "wasm", predict: logits} as const,
        {name: "tensorflow", predict: theirs} as const,
      ];
      return comparePredictions(one, [sides[0], sides[1]], digits, {images: 10});
    });
    assert.deepEqual([agreement.agrees, agreement.apart.length, agreement.identical], [false, 10, 0]);
    assert.ok(agreement.apart.every(({signs, difference}) => signs === null && difference > 1e-4));
  }
});

test("a data set of other images or classes is refused", async () => {
  const predict = (): Float32Array => new Float32Array(0);
  const other: Dataset = {...digits, imageShape: [14, 56, 1]};
  await assert.rejects(evaluateTicket(ticket, predict, other), {
    name: "UserError",
    message: /28×28×1.*14×56×1/,
  });
  const fewer: Dataset = {...digits, classNames: ["a", "b"]};
  await assert.rejects(evaluateTicket(ticket, predict, fewer), {
    name: "UserError",
    message: /10 classes.*has 2/,
  });
});

test("an aborted evaluation stops", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const predict = (): Float32Array => new Float32Array(10);
  await assert.rejects(evaluateTicket(ticket, predict, digits, {signal}), /enough/);
});

test("multiprize evaluate prints one line, or one JSON object, or what was wrong", async () => {
  await withFolder(async folder => {
    const file = join(folder, "digits.mpt");
    writeTicket(file, ticket);
    const run = (...args: string[]): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [bin, "evaluate", file, "--images", "20", ...args], {encoding: "utf8"});
    const line = run();
    assert.match(
      String(line.stdout),
      /digits.mpt on mnist, engine wasm: [\d.]+ % \(\d+ of 20\), \d+ images\/s\n$/,
    );
    const json = JSON.parse(String(run("--json", "--engine", "reference", "--images", "2").stdout));
    assert.deepEqual([json.engine, json.dataset, json.images], ["reference", "mnist", 2]);
    const compared = run("--against", "tensorflow");
    assert.equal(compared.status, 0);
    assert.match(String(compared.stdout), /they agree\n {2}same class: 20 of 20 images\n/);
    const {agreement} = JSON.parse(String(run("--against", "reference", "--json").stdout));
    assert.deepEqual([agreement.identical, agreement.agrees], [20, true]);
    assert.match(String(run("--against", "wasm").stderr), /compares wasm with itself/);
    const wrong = run("--data", "cifar10", "--data-dir", folder);
    assert.equal(wrong.status, 2);
    assert.match(String(wrong.stderr), /^multiprize: [^\n]+\n$/);
  });
});
