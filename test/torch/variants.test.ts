import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {gzipSync} from "node:zlib";
import {type ImportOptions, importTicket} from "../../src/torch/importTicket";

const golden = join(__dirname, "..", "golden", "torch");
const folder = mkdtempSync(join(tmpdir(), "multiprize-variants-"));
after(() => rmSync(folder, {recursive: true}));

interface Layer {
  readonly signs: readonly number[];
  readonly gain: number;
}
type Width = "float32" | "float16" | "bfloat16";
const expected = JSON.parse(readFileSync(join(golden, "expected.json"), "utf8")) as {
  readonly keepFraction: number;
} & Readonly<Record<Width, readonly Layer[]>>;
const {keepFraction} = expected;
const digits = {arch: "digits", activation: "relu"} as const;

async function imported(name: string, options: ImportOptions = {keepFraction}): Promise<string[]> {
  const notices: string[] = [];
  const ticket = await importTicket(join(golden, `${name}.pth`), {
    ...digits,
    ...options,
    onNotice: text => notices.push(text),
  });
  const width = name === "float16" || name === "bfloat16" ? name : "float32";
  ticket.layers.forEach(({signs, gain}, l) => {
    assert.deepEqual([...signs], expected[width][l].signs, `signs of layer ${l}`);
    assert.ok(Math.abs(gain / expected[width][l].gain - 1) < 1e-6, `gain of layer ${l}`);
  });
  return notices;
}

const forms = [
  ["zip", "the zip format"],
  ["legacy", "the format before PyTorch 1.6"],
  ["legacy-protocol4", "that format, all tensors of one storage"],
  ["protocol1", "pickle protocol 1"],
  ["protocol4", "pickle protocol 4"],
  ["protocol5", "pickle protocol 5"],
  ["channels-last", "tensors stored channels last"],
  ["transposed", "tensors stored transposed"],
  ["flat", "tensors that are views of one storage"],
  ["double", "float64"],
  ["parameters", "parameters instead of tensors"],
  ["bare", "the model's state alone"],
  ["model-key", "the state under another key"],
  ["compiled", "the prefixes of DataParallel and torch.compile"],
  ["no-prefix", "no prefix"],
  ["foreign", "objects of classes that are not read: a Namespace, NumPy's numbers, sets, bytes"],
] as const;
for (const [name, what] of forms) {
  test(`PyTorch's own file with ${what} imports as the ticket that NumPy finds in it`, async () => {
    assert.deepEqual(await imported(name), []);
  });
}

for (const width of ["float16", "bfloat16"] as const) {
  test(`scores and weights of ${width} are widened exactly, and ties where the mask ends are said`, async () => {
    const notices = await imported(width);
    assert.match(
      notices.join(),
      width === "bfloat16" ? /^scores tie where the mask ends.* in / : /^(scores tie.*)?$/,
    );
  });
}

test("a conv_type whose masks are a selection is taken with its share; one whose masks are none is refused by its rule", async () => {
  assert.deepEqual(await imported("rule-SubnetConv", {}), []);
  assert.match(
    (await imported("rule-SubnetConv", {selection: "global", keepFraction}).catch(String)).toString(),
    /signs of layer/,
  );
  const refused = (rule: string, message: RegExp, options: ImportOptions = {}): Promise<void> =>
    assert.rejects(imported(`rule-${rule}`, options), {name: "CheckpointError", message});
  await refused("SampleSubnetConv", /SampleSubnetConv: its masks are drawn at every forward pass/);
  await refused("SampleSubnetConv", /drawn at every forward pass/, {selection: "layerwise", keepFraction});
  await refused("FixedSubnetConv", /FixedSubnetConv: .*never searched/);
  await refused("OwnSubnetConv", /"OwnSubnetConv", whose rule is not known .* --selection layerwise\|global/);
  assert.deepEqual(await imported("rule-OwnSubnetConv", {selection: "layerwise"}), []);
});

test("what the file says and is told otherwise is noticed", async () => {
  const notices: string[] = [];
  const onNotice = (text: string): void => void notices.push(text);
  await importTicket(join(golden, "rule-SubnetConv.pth"), {
    ...digits,
    keepFraction: 0.2,
    selection: "global",
    onNotice,
  });
  assert.deepEqual(notices, [
    "it names the selection layerwise; global is taken, as given",
    "it names 0.4 as the share kept; 0.2 is taken, as given",
  ]);
});

test("models that are no ticket are refused, each by what it is", async () => {
  const refused = (name: string, message: RegExp): Promise<void> =>
    assert.rejects(imported(name), {name: "CheckpointError", message});
  await refused("two-models", /"model", "ema" of it each hold a model/);
  await refused("bias", /layer convs.0 has a bias/);
  await refused("first-dense", /layer convs.0 has weights but no scores: a dense layer/);
  await refused("constant-scores", /scores of layer linear.1 are all 0.5: nothing was searched/);
  await refused("whole-model", /no dictionary but an object of "frankle.Whole", whose code is never run/);
  await refused(
    "whole-model-legacy",
    /no dictionary but an object of "frankle.Whole", whose code is never run/,
  );
});

test("files that lie under a checkpoint's name are told by what they are", async () => {
  const path = join(folder, "model_best.pth");
  const legacy = readFileSync(join(golden, "legacy.pth"));
  const safetensors = Buffer.concat([Buffer.of(2, 0, 0, 0, 0, 0, 0, 0), Buffer.from('{"a":1}')]);
  const tar = Buffer.alloc(512);
  tar.write("ustar", 257);
  const cases: [Uint8Array | string, RegExp][] = [
    [
      "version https://git-lfs.github.com/spec/v1\noid sha256:81\nsize 134078869\n",
      /Git LFS pointer.*git lfs pull/,
    ],
    ["\n<!DOCTYPE html><html></html>", /web page/],
    ["<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", /web page/],
    ["", /empty file/],
    [gzipSync(legacy), /compressed by gzip/],
    [tar, /tar archive/],
    [safetensors, /safetensors file/],
    ["\x93NUMPY\x01", /not a file of torch.save/],
    [Buffer.from("\x93NUMPY\x01", "latin1"), /array of NumPy/],
    [
      readFileSync(join(__dirname, "..", "..", "data", "tickets", "digits-relu-k0.2.mpt")),
      /ticket file already/,
    ],
    [Buffer.from("\x80\x04}.", "latin1"), /by Python's pickle/],
    ["PK\x03\x04 and no more", /zip is damaged or cut off/],
    [legacy.subarray(0, legacy.length - 5), /cut off/],
    [legacy.subarray(0, 200), /cut off/],
    ["hello", /not a file of torch.save/],
  ];
  for (const [bytes, message] of cases) {
    writeFileSync(path, bytes);
    await assert.rejects(importTicket(path, {...digits, keepFraction}), {name: "CheckpointError", message});
  }
  await assert.rejects(importTicket("/dev/zero"), {
    name: "CheckpointError",
    message: /^cannot read \/dev\/zero: it is a device or a pipe, no file$/,
  });
  await assert.rejects(importTicket(join(folder, "none.pth")), {name: "CheckpointError", message: /ENOENT/});
});

test("every byte of the older format may be wrong: a ticket or a named error comes of it, in bounded memory", async () => {
  const legacy = readFileSync(join(golden, "legacy-protocol4.pth"));
  const path = join(folder, "damaged.pth");
  for (let at = 0; at < 1600; at += 3) {
    const bytes = Buffer.from(legacy);
    bytes[at] ^= 1 + ((37 * at) % 255);
    writeFileSync(path, bytes);
    await importTicket(path, {...digits, keepFraction}).catch((error: Error) =>
      assert.ok(["CheckpointError", "UserError"].includes(error.name), `byte ${at}: ${error.stack}`),
    );
  }
});
