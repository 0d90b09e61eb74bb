import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {Stream} from "../../src/core/random";
import {type CropFlip, cropFlipInto, drawCropFlip} from "../../src/data/augment";

type Shape = readonly [number, number, number];
interface Picture {
  shape: Shape;
  image: Uint8Array;
}

const pictures: fc.Arbitrary<Picture> = fc
  .tuple(fc.integer({min: 1, max: 12}), fc.integer({min: 1, max: 12}), fc.constantFrom(1, 3))
  .chain(shape =>
    fc.record({
      shape: fc.constant(shape),
      image: fc.uint8Array({
        minLength: shape[0] * shape[1] * shape[2],
        maxLength: shape[0] * shape[1] * shape[2],
      }),
    }),
  );
const offsets = fc.integer({min: -6, max: 6});
const choices: fc.Arbitrary<CropFlip> = fc.record({down: offsets, right: offsets, flip: fc.boolean()});

/** Another table for each channel, each byte in it recognisable. */
const table = Float32Array.from({length: 3 * 256}, (_, i) => i + 0.5);

/** The bytes behind what is written, in the middle of an array that must stay as it is around them. */
const apply = ({shape, image}: Picture, choice: CropFlip): Uint8Array => {
  const out = new Float32Array(image.length + 2).fill(Number.NaN);
  cropFlipInto(out, 1, image, shape, choice, table);
  assert.ok(Number.isNaN(out[0]) && Number.isNaN(out[out.length - 1]));
  return Uint8Array.from(out.subarray(1, -1), (value, i) => value - 0.5 - 256 * (i % shape[2]));
};

/** Pad, crop, mirror, one value at a time. */
const definition = (
  {shape: [height, width, channels], image}: Picture,
  {down, right, flip}: CropFlip,
): Uint8Array =>
  Uint8Array.from(image, (_, i) => {
    const c = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width) + down;
    const fromX = (flip ? width - 1 - x : x) + right;
    const inside = y >= 0 && y < height && fromX >= 0 && fromX < width;
    return inside ? image[(y * width + fromX) * channels + c] : 0;
  });

test("cropFlipInto equals its definition value by value", () => {
  fc.assert(
    fc.property(pictures, choices, (p, choice) => assert.deepEqual(apply(p, choice), definition(p, choice))),
  );
});

test("the crop at 0, 0 without a flip is the picture itself", () => {
  fc.assert(
    fc.property(pictures, p => assert.deepEqual(apply(p, {down: 0, right: 0, flip: false}), p.image)),
  );
});

test("two flips give the picture back", () => {
  const flip = {down: 0, right: 0, flip: true};
  fc.assert(
    fc.property(pictures, p => assert.deepEqual(apply({...p, image: apply(p, flip)}, flip), p.image)),
  );
});

test("the crop at −4, −4 shows a black border of four above and left", () => {
  const image = new Uint8Array(36).fill(9);
  const out = apply({shape: [6, 6, 1], image}, {down: -4, right: -4, flip: false});
  assert.deepEqual(
    [...out],
    [...Array(28).fill(0), 0, 0, 9, 9, 0, 0, 0, 0, 9, 9]
      .slice(0, 24)
      .concat([0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 9, 9]),
  );
});

for (const reach of [4, 2, 0]) {
  const places = 2 * (2 * reach + 1) ** 2;
  test(`all ${places} augmentations of a reach of ${reach} are drawn, each about equally often`, () => {
    const random = new Stream(11, "augment/epoch 0");
    const seen = new Map<string, number>();
    for (let i = 0; i < places * 200; i++) {
      const {down, right, flip} = drawCropFlip(random, i, reach);
      assert.ok(Math.abs(down) <= reach && Math.abs(right) <= reach);
      const key = `${down},${right},${flip}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    assert.equal(seen.size, places);
    const chiSquared = [...seen.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    const freedom = places - 1;
    assert.ok(chiSquared < freedom + 4 * Math.sqrt(2 * freedom), `chi² ${chiSquared} at ${freedom} degrees`);
  });
}

test("the reach is the reference's four pixels unless given; what is no whole number of pixels is refused", () => {
  const random = new Stream(3, "augment/epoch 1");
  for (let i = 0; i < 50; i++) assert.deepEqual(drawCropFlip(random, i), drawCropFlip(random, i, 4));
  for (const reach of [-1, 1.5, Number.NaN])
    assert.throws(() => drawCropFlip(random, 0, reach), /whole number of pixels, at least 0/);
});
