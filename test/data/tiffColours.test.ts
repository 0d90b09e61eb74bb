import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import sharp from "sharp";
import {decodePicture} from "../../src/data/decodePicture";
import {pixelsOf} from "../../src/infer/pictures/pixelsOf";

const folder = mkdtempSync(join(tmpdir(), "multiprize-tiff-"));
after(() => rmSync(folder, {recursive: true}));
const SIDE = 16;

/** A TIFF of one strip and one colour, in the order of bytes asked for. */
function tiff(colour: readonly number[], photometric: number, little: boolean): Buffer {
  const pixels = Buffer.from(Array.from({length: SIDE * SIDE}, () => colour).flat());
  const fields: [tag: number, type: 3 | 4, value: number, count?: number][] = [
    [256, 3, SIDE],
    [257, 3, SIDE],
    [258, 3, 0, 3],
    [259, 3, 1],
    [262, 3, photometric],
    [273, 4, 0],
    [277, 3, 3],
    [278, 3, SIDE],
    [279, 4, pixels.length],
  ];
  if (photometric === 6) fields.push([530, 3, 1, 2]);
  const head = Buffer.alloc(8 + 2 + 12 * fields.length + 4 + 6);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  head.write(little ? "II" : "MM");
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, fields.length, little);
  fields.forEach(([tag, type, value, count = 1], i) => {
    const at = 10 + 12 * i;
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    view.setUint32(at + 4, count, little);
    if (tag === 258) view.setUint32(at + 8, head.length - 6, little);
    else if (tag === 273) view.setUint32(at + 8, head.length, little);
    else if (type === 4) view.setUint32(at + 8, value, little);
    else for (let c = 0; c < count; c++) view.setUint16(at + 8 + 2 * c, value, little);
  });
  for (let c = 0; c < 3; c++) view.setUint16(head.length - 6 + 2 * c, 8, little);
  return Buffer.concat([head, pixels]);
}

for (const little of [true, false]) {
  const order = little ? "little" : "big";
  test(`a TIFF of red, green and blue is read, one of luma and colour differences refused (${order}-endian)`, async () => {
    const [rgb, ycbcr] = [join(folder, `rgb-${order}.tif`), join(folder, `ycbcr-${order}.tif`)];
    writeFileSync(rgb, tiff([200, 100, 50], 2, little));
    writeFileSync(ycbcr, tiff([120, 90, 200], 6, little));
    assert.deepEqual(
      [...(await decodePicture(sharp, rgb, 8, {shortSide: 8})).subarray(0, 3)],
      [200, 100, 50],
    );
    assert.deepEqual([...(await pixelsOf(rgb)).data.subarray(0, 3)], [200, 100, 50]);
    const message =
      /^cannot (decode|read) the picture \S+ycbcr\S+: its colours are YCbCr in a TIFF without JPEG, .*save it as RGB$/;
    await assert.rejects(decodePicture(sharp, ycbcr, 8, {shortSide: 8}), {name: "UserError", message});
    await assert.rejects(pixelsOf(ycbcr), {name: "UserError", message});
  });
}

test("a TIFF of luma and colour differences under JPEG is read: its decoder gives red, green and blue", async () => {
  const path = join(folder, "jpeg.tif");
  const picture = sharp({
    create: {width: SIDE, height: SIDE, channels: 3, background: {r: 200, g: 100, b: 50}},
  });
  await picture.tiff({compression: "jpeg", quality: 100}).toFile(path);
  const [r, g, b] = await decodePicture(sharp, path, 8, {shortSide: 8});
  for (const [got, expected] of [
    [r, 200],
    [g, 100],
    [b, 50],
  ])
    assert.ok(Math.abs(got! - expected!) <= 2, `${got} instead of ${expected}`);
});

test("a TIFF cut off at any byte is a picture or one line, never another error", async () => {
  const path = join(folder, "cut.tif");
  const whole = tiff([120, 90, 200], 6, true);
  for (let length = 0; length <= 150; length += 3) {
    writeFileSync(path, whole.subarray(0, length));
    await assert.rejects(decodePicture(sharp, path, 8, {shortSide: 8}), {
      name: "UserError",
      message: /^[^\n]+$/,
    });
  }
});
