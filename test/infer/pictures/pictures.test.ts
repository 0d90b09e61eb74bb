import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import sharp from "sharp";
import {evaluationBatch} from "../../../src/data/batches";
import {loadDataset} from "../../../src/data/load";
import {classify} from "../../../src/infer/classify";
import {inferenceOf} from "../../../src/infer/inferenceOf";
import {bytesOf} from "../../../src/infer/pictures/bytesOf";
import {inputOf} from "../../../src/infer/pictures/inputOf";
import {resized} from "../../../src/infer/pictures/resize";
import {readTicket} from "../../../src/ticket/file";

const pil = JSON.parse(readFileSync(join(__dirname, "pil.json"), "utf8"));
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const tickets = ["relu", "sign"].map(kind =>
  readTicket(join(__dirname, "..", "..", "..", "data", "tickets", `digits-${kind}-k0.2.mpt`)),
);
const [relu] = tickets;
const colour = {
  image: [2, 2, 3] as [number, number, number],
  normalisation: {mean: [0.5, 0.4, 0.3], sd: [0.2, 0.25, 0.5]},
};

test("pictures are scaled as Pillow scales them, byte for byte, up and down, grey and in colour", () => {
  for (const {width, height, channels, data, to, resized: expected} of pil.cases) {
    const made = resized({width, height, channels, data: bytes(data)}, to[0], to[1]);
    assert.deepEqual(made.data, bytes(expected), `${width}×${height}×${channels} to ${to}`);
  }
});

test("colours become the grey of Pillow's convert", () => {
  const made = bytesOf({width: 20, height: 1, data: bytes(pil.rgb)}, [1, 20, 1], {});
  assert.deepEqual(made, bytes(pil.grey));
});

test("what the network sees of bytes is what evaluate shows it, to the last bit", async () => {
  const digits = await loadDataset("mnist");
  const {images} = evaluationBatch({...digits, normalisation: relu.normalisation}, "test", 0, 20);
  const each = Array.from({length: 20}, (_, i) => digits.test.images.slice(784 * i, 784 * (i + 1)));
  assert.deepEqual(await inputOf(relu, each), images);
});

test("the same picture as bytes, pixels, numbers of any range and a file is the same to the network", async () => {
  const grey = Uint8Array.from({length: 784}, (_, i) => (i * 37) % 256);
  const expected = await inputOf(relu, grey);
  const rgba = Uint8ClampedArray.from({length: 4 * 784}, (_, i) => (i % 4 === 3 ? 255 : grey[i >> 2]));
  const folder = mkdtempSync(join(tmpdir(), "multiprize-picture-"));
  try {
    const path = join(folder, "grey.png");
    const png = await sharp(grey, {raw: {width: 28, height: 28, channels: 1}})
      .png()
      .toBuffer();
    writeFileSync(path, png);
    const forms = {
      "clamped bytes": new Uint8ClampedArray(grey),
      "grey pixels": {width: 28, height: 28, data: grey},
      "pixels with opacity": {width: 28, height: 28, data: rgba},
      "a file": path,
      "a file's Blob": new Blob([new Uint8Array(png)]),
    };
    for (const [name, form] of Object.entries(forms))
      assert.deepEqual(await inputOf(relu, form), expected, name);
  } finally {
    rmSync(folder, {recursive: true});
  }
  for (const [black, white] of [
    [0, 1],
    [-1, 1],
    [255, 0],
  ]) {
    const values = Float64Array.from(grey, byte => black + (byte / 255) * (white - black));
    const made = await inputOf(relu, {values, range: [black, white]});
    made.forEach(
      (value, i) => void assert.ok(Math.abs(value - expected[i]) < 1e-6, `range ${black}, ${white}`),
    );
  }
});

test("numbers and colours are normalised each by its own channel", async () => {
  const values = [0, 0.5, 1, 0.2, 0.4, 0.6, 1, 1, 1, 0, 0, 0];
  const {mean, sd} = colour.normalisation;
  const made = await inputOf(colour, {values, range: [0, 1]});
  made.forEach((value, i) => void assert.ok(Math.abs(value - (values[i] - mean[i % 3]) / sd[i % 3]) < 1e-6));
});

test("a larger picture gives its middle, scaled; invert swaps light and dark", async () => {
  const {mean, sd} = colour.normalisation;
  const seen = (byte: number, c: number): number => (byte / 255 - mean[c]) / sd[c];
  // 12 × 4: the outer quarters are white, the middle, with what scaling takes in beside it, 100.
  const data = Uint8Array.from({length: 12 * 4 * 3}, (_, i) => {
    const x = Math.floor(i / 3) % 12;
    return x < 3 || x > 8 ? 255 : 100;
  });
  const made = await inputOf(colour, {width: 12, height: 4, data}, {invert: true});
  made.forEach((value, i) => void assert.ok(Math.abs(value - seen(155, i % 3)) < 1e-5, `${i}`));
});

test("transparency is refused until it is said what shows through", async () => {
  const data = new Uint8ClampedArray(16).fill(0);
  const picture = {width: 2, height: 2, data};
  await assert.rejects(inputOf(colour, picture), /transparent in places: say what shows through, background/);
  const white = await inputOf(colour, picture, {background: "white"});
  assert.ok(Math.abs(white[0] - (1 - 0.5) / 0.2) < 1e-6);
  const black = await inputOf(colour, picture, {background: "black"});
  assert.ok(Math.abs(black[0] - (0 - 0.5) / 0.2) < 1e-6);
});

test("what is no picture is refused in one line that says what would do", async () => {
  const refused = async (picture: unknown, message: RegExp): Promise<void> => {
    await assert.rejects(inputOf(relu, picture as Uint8Array), error => {
      const {name, message: said} = error as Error;
      assert.equal(name, "UserError");
      assert.match(said, message);
      assert.doesNotMatch(said, /\n/);
      return true;
    });
  };
  await refused(null, /a picture is a file, a canvas, pixels or bytes; got null/);
  await refused(7, /got 7/);
  await refused([], /no picture is given/);
  await refused(new Uint8Array(783), /28×28×1 = 784 values; got 783/);
  await refused(
    new Float32Array(784),
    /say what their black and white are.*range: \[0, 1\].*Float32Array of 784/,
  );
  await refused([new Array(784).fill(0)], /say what their black and white are/);
  await refused(
    {values: new Float32Array(784).fill(2), range: [0, 1]},
    /value 0 is 2, outside the range \[0, 1\]/,
  );
  await refused({values: new Float32Array(784).fill(Number.NaN), range: [0, 1]}, /value 0 is NaN/);
  await refused({values: new Float32Array(784), range: [1, 1]}, /two different numbers/);
  await refused({values: new Float32Array(3), range: [0, 1]}, /got 3/);
  await refused({width: 28, height: 28, data: new Float32Array(784)}, /data that are no bytes/);
  await refused({width: 28, height: 27, data: new Uint8Array(784)}, /28×27 and 784 bytes/);
  await refused("/nowhere/seven.png", /cannot read the picture \/nowhere\/seven\.png/);
  await refused("/dev/zero", /cannot read the picture \/dev\/zero: it is a device or a pipe, no file/);
  await refused({width: 0, height: 0}, /0×0: wait until it is loaded/);
  await refused(new Blob(["no picture"]), /cannot read the picture the file/);
});

test("classify names the classes as the ticket does, and is right as often as evaluate is", async () => {
  const digits = await loadDataset("mnist");
  const count = 200;
  const pictures = Array.from({length: count}, (_, i) => digits.test.images.slice(784 * i, 784 * (i + 1)));
  for (const ticket of tickets) {
    const answers = await classify(ticket, pictures);
    const {images} = evaluationBatch({...digits, normalisation: ticket.normalisation}, "test", 0, count);
    const logits = (await inferenceOf(ticket)).logits(images, count);
    for (const [i, {className, label, probability, classes}] of answers.entries()) {
      const row = logits.slice(10 * i, 10 * (i + 1));
      assert.equal(label, row.indexOf(Math.max(...row)));
      assert.equal(className, `${label}`);
      assert.deepEqual(classes[0], {name: className, label, probability});
      assert.ok(Math.abs(classes.reduce((sum, each) => sum + each.probability, 0) - 1) < 1e-9);
      const sum = row.reduce((total, z) => total + Math.exp(z - row[label]), 0);
      assert.ok(Math.abs(probability - 1 / sum) < 1e-9);
    }
    const one = await classify(ticket, pictures[0]);
    assert.deepEqual(one, answers[0]);
  }
});

test("raw logits refuse other arrays, and say once that images are plainly not normalised", async () => {
  for (const engine of ["wasm", "reference"] as const) {
    const inference = await inferenceOf(relu, engine);
    const refused = (images: unknown, message: RegExp): void =>
      assert.throws(() => inference.logits(images as Float32Array, 1), {name: "UserError", message});
    refused(null, /images are a Float32Array of normalised values; got null/);
    refused(undefined, /got undefined/);
    refused(new Uint8Array(784), /got Uint8Array \(inputOf and classify take bytes/);
    refused(new Array(784).fill(0), /got Array/);
    refused(new Float32Array(783), /1 images of 28×28×1 have 784 values; got 783/);
    refused(new Float32Array(784).fill(Number.NaN, 5), /value 5 of the images is NaN/);
    refused(new Float32Array(784).fill(Number.POSITIVE_INFINITY, 7), /value 7 of the images is Infinity/);
  }
});

test("images that are plainly no normalised pixels give a notice, once; others none", async () => {
  const {createInference} = await import("../../../src/infer/inference");
  const digits = await loadDataset("mnist");
  const pixels = digits.test.images.subarray(0, 784);
  const heard = (images: Float32Array): string[] => {
    const notices: string[] = [];
    const inference = createInference(relu, {engine: "reference", onNotice: notice => notices.push(notice)});
    inference.logits(images, 1);
    inference.logits(images, 1);
    return notices;
  };
  for (const wrong of [Float32Array.from(pixels), Float32Array.from(pixels, byte => byte / 255)]) {
    const notices = heard(wrong);
    assert.equal(notices.length, 1);
    assert.match(notices[0], /look like pixels.*inputOf and classify make that/);
  }
  assert.deepEqual(heard(await inputOf(relu, pixels)), []);
  assert.deepEqual(heard(new Float32Array(784)), []);
});
