import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import fc from "fast-check";
import {UserError} from "../../src/core/errors";
import {architectures, operationsOf} from "../../src/network/architectures";
import {layerShapes} from "../../src/network/shapes";
import {importTicket} from "../../src/torch/importTicket";
import {readPickle} from "../../src/torch/pickle";
import {type PickledTensor, pickle, pickledCheckpoint, pickledTensor, storedZip} from "./torchZip";

const folder = mkdtempSync(join(tmpdir(), "multiprize-torch-"));
after(() => rmSync(folder, {recursive: true}));
const path = join(folder, "checkpoint.pth");

const options = {arch: "digits", activation: "relu", keepFraction: 0.5} as const;
const {layers} = layerShapes(operationsOf({...options, width: 0.07}), architectures.digits.image);

/** A checkpoint of a small network of digits, a tensor of which may be described otherwise. */
function checkpoint(change: Partial<PickledTensor> = {}): {data: Buffer; files: Record<string, Buffer>} {
  const files: Record<string, Buffer> = {};
  const tensors: Record<string, Buffer> = {};
  layers.forEach(({name, shape, weights}, l) => {
    const [inputs, outputs] = shape.slice(-2);
    const oihw = [outputs, inputs, shape.length === 4 ? shape[0] : 1, shape.length === 4 ? shape[1] : 1];
    ["weight", "scores"].forEach((part, p) => {
      const key = String(2 * l + p);
      const values = Float32Array.from({length: weights}, (_, i) => Math.sin(i + p + 1));
      files[`archive/data/${key}`] = Buffer.from(values.buffer);
      tensors[`module.${name}.${part}`] = pickledTensor({shape: oihw, key, ...(l + p === 0 ? change : {})});
    });
  });
  return {data: pickledCheckpoint(tensors), files};
}

function zipOf(data: Uint8Array, files: Record<string, Buffer> = checkpoint().files): Buffer {
  return storedZip({"archive/data.pkl": data, "archive/byteorder": Buffer.from("little"), ...files});
}

async function importing(bytes: Uint8Array): Promise<unknown> {
  writeFileSync(path, bytes);
  return importTicket(path, options);
}

const good = zipOf(checkpoint().data);

test("a sound file is imported", async () => {
  await importing(good);
});

test("hostile files are refused, each by its name", async () => {
  const refused = async (bytes: Uint8Array, message: RegExp): Promise<void> =>
    void (await assert.rejects(importing(bytes), {name: "CheckpointError", message}));
  const changed = (change: Partial<PickledTensor>): Buffer => zipOf(checkpoint(change).data);
  const {start, stop, dict, mark, text, int, global, reduce, tuple, setItem} = pickle;
  const whole = (...parts: Buffer[]): Buffer => zipOf(Buffer.concat([start, ...parts, stop]));

  await refused(Buffer.from("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "latin1"), /cut off/);
  await refused(storedZip({"a/b": Buffer.from("c")}), /not one of torch.save/);
  await refused(
    whole(global("os", "system"), mark, text("true"), tuple, reduce),
    /an object of "os.system", whose code is never run/,
  );
  await refused(
    whole(global("torch._utils", "_rebuild_tensor_v2"), mark, tuple, reduce),
    /not described as PyTorch does/,
  );
  await refused(whole(Buffer.from("i")), /instruction 0x69 at byte 2/);
  await refused(
    whole(dict, text("state_dict"), text("__import__('os')"), setItem, global("torch", "load"), reduce),
    /calls what is no function/,
  );
  await refused(whole(text("no dictionary")), /holds no dictionary/);
  await refused(whole(dict), /no state_dict/);
  await refused(
    whole(dict, text("state_dict"), dict, text("a"), int(1), setItem, setItem),
    /no layer has scores/,
  );
  await refused(
    zipOf(Buffer.concat([start, Buffer.from("X\xff\xff\xff\x7fab", "latin1")])),
    /pickle is cut off/,
  );
  await refused(zipOf(Buffer.concat([start, stop])), /takes what it has not put/);
  await refused(zipOf(Buffer.alloc(2 ** 21, "(")), /claims 2097152 bytes, more than it may have/);
  await refused(zipOf(Buffer.concat([start, Buffer.alloc(2 ** 19, "(")])), /cut off/);
  await refused(whole(Buffer.from("]q\x00h\x00a", "latin1")), /holds no dictionary/);

  await refused(changed({elements: 2 ** 30}), /bytes for 1073741824 values of type Float|claims .* bytes/);
  await refused(changed({offset: 2}), /reaches beyond its storage/);
  await refused(changed({strides: [0, 0, 0, 0], elements: 1}), /claims 72 bytes, more than it may have/);
  await refused(changed({strides: [2 ** 30, 1, 1, 1]}), /reaches beyond its storage/);
  await refused(changed({strides: [1, 1]}), /2 strides for 4 dimensions/);
  await refused(changed({storage: "HalfStorage"}), /claims 72 bytes, more than it may have/);
  await refused(changed({storage: "IntStorage"}), /stored as Int, not as floating-point numbers/);
  await refused(changed({storage: "__proto__Storage"}), /not described as PyTorch does/);
  await refused(changed({key: "../../etc/passwd"}), /not described as PyTorch does/);
  await refused(changed({key: "99"}), /lacks archive\/data\/99/);
  await refused(
    changed({shape: Array(4).fill(2 ** 31 - 1), strides: [1, 1, 1, 1], elements: 4}),
    /shape of its scores/,
  );
  await refused(
    zipOf(checkpoint().data, {...checkpoint().files, "archive/byteorder": Buffer.from("big")}),
    /little-endian/,
  );
  await refused(storedZip({"../data.pkl": checkpoint().data}), /zip is damaged/);
  await refused(good.subarray(0, good.length - 30), /zip/);
});

test("a zip bomb is refused: no file in it may be compressed, or be more than the zip holds", async () => {
  const refused = (bytes: Buffer, message: RegExp): Promise<void> =>
    assert.rejects(importing(bytes), {message});
  const directory = good.indexOf("PK\x01\x02", 0, "latin1");
  const altered = (write: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(good);
    write(bytes);
    return bytes;
  };
  await refused(
    altered(bytes => bytes.writeUInt16LE(8, directory + 10)),
    /is compressed, as torch.save never does/,
  );
  await refused(
    altered(bytes => bytes.writeUInt32LE(2 ** 31, directory + 24)),
    /compressed|damaged/,
  );
  const huge = altered(bytes => {
    bytes.writeUInt32LE(2 ** 20, directory + 20);
    bytes.writeUInt32LE(2 ** 20, directory + 24);
  });
  await refused(huge, /claims 1048576 bytes, more than it may have/);
});

test("scores that are no numbers, and weights of 0, are refused", async () => {
  const {data, files} = checkpoint();
  const zeros = Buffer.alloc(files["archive/data/0"].length);
  await assert.rejects(importing(zipOf(data, {...files, "archive/data/0": zeros})), {
    message: /is 0 and has no sign/,
  });
  const nan = Buffer.alloc(files["archive/data/1"].length, 0xff);
  await assert.rejects(importing(zipOf(data, {...files, "archive/data/1": nan})), {
    name: "CheckpointError",
    message: /scores contain NaN/,
  });
});

test("a changed byte in what is read is noticed", async () => {
  const at = good.indexOf(checkpoint().files["archive/data/1"]) + 5;
  const bytes = Buffer.from(good);
  bytes[at] ^= 1;
  await assert.rejects(importing(bytes), {message: /data\/1 is damaged: its checksum does not fit/});
});

test("1,500 damaged checkpoints end in a ticket or a named error", async () => {
  const position = fc.integer({min: 0, max: good.length - 1});
  await fc.assert(
    fc.asyncProperty(
      position,
      fc.integer({min: 0, max: 255}),
      fc.constantFrom(0, 1, 2),
      async (at, byte, kind) => {
        const before = good.subarray(0, at);
        const rest = good.subarray(kind === 2 ? at : at + 1);
        const bytes = Buffer.concat(kind === 1 ? [before] : [before, Buffer.of(byte), rest]);
        await importing(bytes).catch(error => assert.ok(error instanceof UserError, String(error.stack)));
      },
    ),
    {numRuns: 1500, seed: 6},
  );
});

test("10,000 damaged pickles end in a value or a named error", () => {
  const {data} = checkpoint();
  const position = fc.integer({min: 0, max: data.length - 1});
  fc.assert(
    fc.property(
      fc.array(fc.tuple(position, fc.integer({min: 0, max: 255})), {minLength: 1, maxLength: 4}),
      changes => {
        const bytes = Uint8Array.from(data);
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          readPickle(bytes);
        } catch (error) {
          assert.ok(error instanceof UserError, String((error as Error).stack));
        }
      },
    ),
    {numRuns: 10_000, seed: 7},
  );
});
