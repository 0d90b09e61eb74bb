import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {fromBinary} from "@bufbuild/protobuf";
import {ModelProtoSchema} from "onnx-buf";
import {evaluationBatch} from "../../src/data/batches";
import {loadDataset} from "../../src/data/load";
import {floatThreshold} from "../../src/export/floatThreshold";
import {onnxOf, onnxOfNetwork} from "../../src/export/onnx";
import {createInference} from "../../src/infer/inference";
import {inferenceOf} from "../../src/infer/inferenceOf";
import type {BinaryNetwork} from "../../src/infer/network";
import {operationsOf} from "../../src/network/architectures";
import {cifarResnet} from "../../src/network/cifarResnet";
import {imagenetResnet} from "../../src/network/imagenetResnet";
import type {Activation, Operation} from "../../src/network/operations";
import {basicBlock, bottleneck} from "../../src/network/residualBlocks";
import {readTicket} from "../../src/ticket/file";
import {randomImages, randomNetwork} from "../infer/randomNetwork";
import {levels, runtimeLogits} from "./onnxRuntime";

const root = join(__dirname, "..", "..");
const tickets = join(root, "data", "tickets");
const texts = {name: "test", producerVersion: "", describe: "", metadata: {}};
const folder = mkdtempSync(join(tmpdir(), "multiprize-onnx-"));
after(() => rmSync(folder, {recursive: true}));

function difference(a: Float32Array, b: Float32Array): number {
  const most = (values: Float32Array): number => values.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  return most(a.map((value, i) => value - b[i])) / most(b);
}

/** The class of each image, the first of equal ones. */
function classesOf(logits: Float32Array, count: number): number[] {
  const classes = logits.length / count;
  return Array.from({length: count}, (_, i) => {
    const own = logits.subarray(classes * i, classes * (i + 1));
    return own.indexOf(Math.max(...own));
  });
}

function unsigned(value: number): number {
  return value === 0 ? 0 : value;
}

/** Small networks of each family: the last layers of VGG-Small and of the bottlenecks, a mean over 7×7, see real numbers. */
const networks: readonly {
  readonly name: string;
  readonly operations: (activation: Activation) => readonly Operation[];
  readonly image: readonly [number, number, number];
}[] = [
  {
    name: "digits",
    operations: activation => operationsOf({arch: "digits", activation, width: 0.2}),
    image: [28, 28, 1],
  },
  {
    name: "Conv4",
    operations: activation => operationsOf({arch: "conv4", activation, width: 0.15}),
    image: [32, 32, 3],
  },
  {
    name: "Conv2 without batch norm",
    operations: activation => operationsOf({arch: "conv2-no-bn", activation, width: 0.1}),
    image: [32, 32, 3],
  },
  {
    name: "VGG-Small",
    operations: activation => operationsOf({arch: "vgg-small", activation, width: 0.05}),
    image: [32, 32, 3],
  },
  {
    name: "a ResNet for CIFAR",
    operations: activation => cifarResnet([8, 16], 2)(activation, 1, 10),
    image: [16, 16, 3],
  },
  {
    name: "a ResNet for ImageNet",
    operations: activation => imagenetResnet(basicBlock, [2, 1, 1, 1])(activation, 0.1, 10),
    image: [64, 64, 3],
  },
  {
    name: "a ResNet of bottlenecks",
    operations: activation => imagenetResnet(bottleneck(), [1, 1])(activation, 0.1, 10),
    image: [56, 56, 3],
  },
];

for (const {name, operations, image} of networks) {
  for (const activation of ["relu", "sign"] as const) {
    const isExact = activation === "sign";
    test(`${name}, ${activation}: ONNX Runtime gives the logits ${isExact ? "to the last bit" : "within 5e-6"} at every level`, async () => {
      const network = randomNetwork({operations: operations(activation), activation, image, keep: 0.4});
      const images = randomImages(image, 2, 7);
      const expected = createInference(network, {engine: "reference"}).logits(images, 2);
      const model = onnxOfNetwork(network, 10, "int8", texts);
      for (const level of levels) {
        const logits = await runtimeLogits(model, images, image, 2, level);
        if (isExact) assert.deepEqual(logits, expected, level);
        else assert.ok(difference(logits, expected) < 5e-6, `${level}: ${difference(logits, expected)}`);
      }
    });
  }
}

test("a gain below 0 turns maxima to minima, as the engines have it", async () => {
  const image = [32, 32, 3] as const;
  const operations = operationsOf({arch: "conv2", activation: "sign", width: 0.1});
  const drawn = randomNetwork({operations, activation: "sign", image});
  const layers = new Map([...drawn.layers].map(([name, layer]) => [name, {...layer, gain: -layer.gain}]));
  const network: BinaryNetwork = {...drawn, layers};
  const images = randomImages(image, 3);
  const expected = createInference(network, {engine: "reference"}).logits(images, 3);
  const model = onnxOfNetwork(network, 10, "int8", texts);
  // Its zeros may be of the other sign.
  for (const level of levels)
    assert.deepEqual(
      (await runtimeLogits(model, images, image, 3, level)).map(unsigned),
      expected.map(unsigned),
    );
});

test("half a byte a sign computes the same, and takes half the bytes", async () => {
  for (const file of ["digits-relu-k0.2.mpt", "digits-sign-k0.2.mpt"]) {
    const ticket = readTicket(join(tickets, file));
    const [whole, half] = (["int8", "int4"] as const).map(storage => onnxOf(ticket, {storage}));
    const images = randomImages(ticket.image, 2);
    const [a, b] = await Promise.all(
      [whole, half].map(model => runtimeLogits(model, images, ticket.image, 2, "basic")),
    );
    assert.deepEqual(a, b);
    assert.ok(half.length < 0.52 * whole.length, `${half.length} of ${whole.length} bytes`);
  }
});

for (const activation of ["relu", "sign"] as const) {
  test(`digits, ${activation}: of 200 real digits each keeps its class at every level`, async () => {
    const ticket = readTicket(join(tickets, `digits-${activation}-k0.2.mpt`));
    const count = 200;
    const digits = {...(await loadDataset("mnist")), normalisation: ticket.normalisation};
    const {images} = evaluationBatch(digits, "test", 0, count);
    const expected = (await inferenceOf(ticket)).logits(images, count);
    for (const level of levels) {
      const logits = await runtimeLogits(onnxOf(ticket), images, ticket.image, count, level);
      assert.deepEqual(classesOf(logits, count), classesOf(expected, count), level);
      if (activation === "sign") assert.deepEqual(logits, expected, level);
      else assert.ok(difference(logits, expected) <= 1e-6, `${level}: ${difference(logits, expected)}`);
    }
  });
}

test("a model says how to prepare its images, what its classes are called and where it comes from", () => {
  const ticket = readTicket(join(tickets, "digits-sign-k0.2.mpt"));
  const model = fromBinary(ModelProtoSchema, onnxOf(ticket, {version: "1.2.3"}));
  const metadata = Object.fromEntries(model.metadataProps.map(({key, value}) => [key, JSON.parse(value)]));
  const {network, selection, normalisation, classNames, provenance} = ticket;
  assert.deepEqual(metadata, {network, selection, normalisation, classNames, provenance});
  assert.deepEqual([model.producerName, model.producerVersion], ["multiprize", "1.2.3"]);
  assert.equal(model.opsetImport[0].version, 13n);
  const half = fromBinary(ModelProtoSchema, onnxOf(ticket, {storage: "int4"}));
  assert.equal(half.opsetImport[0].version, 21n);
});

test("a threshold over floats is the least number that the predicate holds for", () => {
  for (const bound of [0, 1, -1, 0.1, -3e-40, 1e38]) {
    const at = Math.fround(bound);
    assert.deepEqual(
      floatThreshold(value => value >= at, false),
      {at, flipped: false},
    );
    assert.deepEqual(
      floatThreshold(value => value < at, true),
      {at, flipped: true},
    );
  }
  assert.ok(floatThreshold(() => true, false).at < -3e38);
  assert.ok(floatThreshold(() => false, false).at > 3e38);
});

const python = [process.env.MULTIPRIZE_ONNX_PYTHON, join(root, ".venv", "bin", "python"), "python3"].find(
  each =>
    each !== undefined &&
    (!each.includes("/") || existsSync(each)) &&
    spawnSync(each, ["-c", "import onnx"]).status === 0,
);
test("onnx.checker passes an export of every committed ticket, in either storage", {
  skip: python === undefined && "no Python with the package onnx is at hand",
}, () => {
  for (const file of readdirSync(tickets).filter(name => name.endsWith(".mpt"))) {
    for (const storage of ["int8", "int4"] as const)
      writeFileSync(
        join(folder, `${file}.${storage}.onnx`),
        onnxOf(readTicket(join(tickets, file)), {storage}),
      );
  }
  const check =
    "import glob, onnx, sys\nfor f in glob.glob(sys.argv[1] + '/*.onnx'): onnx.checker.check_model(f, full_check=True)";
  const {status, stderr} = spawnSync(String(python), ["-c", check, folder], {encoding: "utf8"});
  assert.equal(status, 0, stderr);
});
