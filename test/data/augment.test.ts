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
const offsets = fc.integer({min: 0, max: 8});
const choices: fc.Arbitrary<CropFlip> = fc.record({top: offsets, left: offsets, flip: fc.boolean()});

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
  {top, left, flip}: CropFlip,
): Uint8Array =>
  Uint8Array.from(image, (_, i) => {
    const c = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width) + top - 4;
    const fromX = (flip ? width - 1 - x : x) + left - 4;
    const inside = y >= 0 && y < height && fromX >= 0 && fromX < width;
    return inside ? image[(y * width + fromX) * channels + c] : 0;
  });

test("cropFlipInto equals its definition value by value", () => {
  fc.assert(
    fc.property(pictures, choices, (p, choice) => assert.deepEqual(apply(p, choice), definition(p, choice))),
  );
});

test("the crop at 4, 4 without a flip is the picture itself", () => {
  fc.assert(fc.property(pictures, p => assert.deepEqual(apply(p, {top: 4, left: 4, flip: false}), p.image)));
});

test("two flips give the picture back", () => {
  const flip = {top: 4, left: 4, flip: true};
  fc.assert(
    fc.property(pictures, p => assert.deepEqual(apply({...p, image: apply(p, flip)}, flip), p.image)),
  );
});

test("the crop at 0, 0 shows a black border of four above and left", () => {
  const image = new Uint8Array(36).fill(9);
  const out = apply({shape: [6, 6, 1], image}, {top: 0, left: 0, flip: false});
  assert.deepEqual(
    [...out],
    [...Array(28).fill(0), 0, 0, 9, 9, 0, 0, 0, 0, 9, 9]
      .slice(0, 24)
      .concat([0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 9, 9]),
  );
});

test("all 162 augmentations are drawn, each about equally often", () => {
  const random = new Stream(11, "augment/epoch 0");
  const seen = new Map<string, number>();
  const n = 162 * 200;
  for (let i = 0; i < n; i++) {
    const {top, left, flip} = drawCropFlip(random, i);
    assert.ok(top >= 0 && top <= 8 && left >= 0 && left <= 8);
    const key = `${top},${left},${flip}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  assert.equal(seen.size, 162);
  const chiSquared = [...seen.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  assert.ok(chiSquared < 161 + 4 * Math.sqrt(2 * 161), `chi² ${chiSquared} with 161 degrees of freedom`);
});
