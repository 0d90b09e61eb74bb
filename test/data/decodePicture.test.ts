import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import sharp from "sharp";
import {UserError} from "../../src/core/errors";
import {decodePicture} from "../../src/data/decodePicture";
import {smoothPicture, writeJpeg} from "./pictureTree";
import {withFolder} from "./synthetic";

/** Bilinear shrinking as PIL does it, term by term: a triangle as wide as the step from pixel to pixel. */
function shrink(
  pixels: Uint8Array,
  from: number,
  to: number,
  at: (o: number, i: number) => number,
): Float64Array {
  const step = from / to;
  return Float64Array.from({length: 3 * to}, (_, k) => {
    const [o, c] = [Math.floor(k / 3), k % 3];
    let [sum, weights] = [0, 0];
    for (let i = 0; i < from; i++) {
      const weight = Math.max(0, 1 - Math.abs((i + 0.5) / step - (o + 0.5)));
      sum += weight * pixels[at(c, i)];
      weights += weight;
    }
    return sum / weights;
  });
}

const whole = (flip: boolean) => (width: number, height: number) => ({left: 0, top: 0, width, height, flip});

test("a crop is cut, and shrunk as PIL's bilinear does, to two levels", async () => {
  await withFolder(async folder => {
    const path = join(folder, "smooth.png");
    const [width, height, size] = [90, 70, 16];
    const pixels = smoothPicture(width, height, 77);
    await sharp(pixels, {raw: {width, height, channels: 3}})
      .png()
      .toFile(path);
    const cut = {left: 7, top: 11, width: 50, height: 40, flip: false};
    const got = await decodePicture(sharp, path, size, () => cut);
    const at = (x: number, y: number) => (c: number) => 3 * (width * (cut.top + y) + cut.left + x) + c;
    const red = shrink(pixels, cut.width, size, (c, i) => at(i, 0)(c));
    const green = shrink(pixels, cut.height, size, (c, i) => at(0, i)(c));
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [r, g, b] = got.subarray(3 * (size * y + x));
        assert.ok(Math.abs(r - red[3 * x]) <= 2, `red at ${x}, ${y}: ${r} vs ${red[3 * x]}`);
        assert.ok(Math.abs(g - green[3 * y + 1]) <= 2, `green at ${x}, ${y}: ${g} vs ${green[3 * y + 1]}`);
        assert.equal(b, 77);
      }
    }
  });
});

test("a mirrored crop is the crop, right to left", async () => {
  await withFolder(async folder => {
    const path = join(folder, "a.jpg");
    await writeJpeg(path, 40, 30, 10);
    const [plain, mirrored] = await Promise.all(
      [false, true].map(flip => decodePicture(sharp, path, 9, whole(flip))),
    );
    for (let y = 0; y < 9; y++) {
      for (let x = 0; x < 9; x++) {
        const pixel = (of: Uint8Array, column: number) => [
          ...of.subarray(3 * (9 * y + column)).subarray(0, 3),
        ];
        assert.deepEqual(pixel(mirrored, x), pixel(plain, 8 - x));
      }
    }
  });
});

const golden = join(__dirname, "..", "golden", "pictures");
const {side, fields} = JSON.parse(readFileSync(join(golden, "expected.json"), "utf8")) as {
  side: number;
  fields: Record<string, number[][]>;
};

/** The middles of the three by three fields of a picture of `size`, cut whole. */
async function middles(name: string, size: number): Promise<number[][]> {
  const pixels = await decodePicture(sharp, join(golden, name), size, whole(false));
  const at = [1, 3, 5].map(sixth => (sixth * size) / 6);
  return at.flatMap(y => at.map(x => [...pixels.subarray(3 * (y * size + x)).subarray(0, 3)]));
}

for (const [name, expected] of Object.entries(fields)) {
  const what =
    name === "grey16.png" ? "the high bytes of its greys, which Pillow clips," : "Pillow's colours";
  test(`${name} becomes ${what} to two levels, also when scaled`, async () => {
    for (const size of [side, 2 * side, 12]) {
      (await middles(name, size)).forEach((colour, field) => {
        const near = colour.every((value, c) => Math.abs(value - expected[field][c]) <= 2);
        assert.ok(near, `field ${field} at ${size}: ${colour} instead of ${expected[field]}`);
      });
    }
  });
}

test("grey, palette and four-channel pictures become red, green and blue", async () => {
  await withFolder(async folder => {
    const grey = sharp({create: {width: 20, height: 20, channels: 3, background: "#808080"}});
    await grey.clone().toColourspace("b-w").jpeg().toFile(join(folder, "grey.jpg"));
    await grey.clone().png({palette: true}).toFile(join(folder, "palette.png"));
    await grey.clone().ensureAlpha(0.5).png().toFile(join(folder, "alpha.png"));
    for (const name of ["grey.jpg", "palette.png", "alpha.png"]) {
      const got = await decodePicture(sharp, join(folder, name), 8, {shortSide: 10});
      assert.equal(got.length, 192, name);
      assert.ok(
        got.every(value => Math.abs(value - 128) <= 2),
        name,
      );
    }
  });
});

test("a file that is no picture, cut short, or gone is refused in one line that names it", async () => {
  await withFolder(async folder => {
    const [text, short] = [join(folder, "text.JPEG"), join(folder, "short.JPEG")];
    writeFileSync(text, "no picture");
    await writeJpeg(short, 300, 300, 0);
    const bytes = readFileSync(short);
    writeFileSync(short, bytes.subarray(0, bytes.length / 2));
    for (const path of [text, short, join(folder, "gone.JPEG")]) {
      await assert.rejects(decodePicture(sharp, path, 8, {shortSide: 10}), (error: Error) => {
        assert.ok(error instanceof UserError, `${error}`);
        assert.ok(error.message.startsWith(`cannot decode the picture ${path}: `), error.message);
        assert.ok(!error.message.includes("\n"));
        return true;
      });
    }
  });
});
