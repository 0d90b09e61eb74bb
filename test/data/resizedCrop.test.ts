import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {Stream} from "../../src/core/random";
import {centreCropOf, drawResizedCrop} from "../../src/data/resizedCrop";

const sides = fc.integer({min: 1, max: 2000});

test("a crop lies within its picture, whatever the picture's shape", () => {
  fc.assert(
    fc.property(sides, sides, fc.nat(1e6), (width, height, position) => {
      const crop = drawResizedCrop(new Stream(3, "crops"), position, width, height);
      assert.ok(crop.left >= 0 && crop.top >= 0 && crop.width >= 1 && crop.height >= 1);
      assert.ok(crop.left + crop.width <= width && crop.top + crop.height <= height);
      assert.ok([crop.left, crop.top, crop.width, crop.height].every(Number.isInteger));
    }),
  );
});

test("crops have 8 to 100 per cent of the area and aspects of 3/4 to 4/3, reach every corner, and half are mirrored", () => {
  const random = new Stream(1, "crops");
  const [width, height] = [500, 400];
  const crops = Array.from({length: 4000}, (_, i) => drawResizedCrop(random, i, width, height));
  const areas = crops.map(crop => (crop.width * crop.height) / (width * height));
  const aspects = crops.map(crop => crop.width / crop.height);
  const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b));
  assert.ok(least(areas) > 0.078 && least(areas) < 0.09 && most(areas) > 0.9);
  assert.ok(least(aspects) > 0.74 && least(aspects) < 0.76 && most(aspects) > 1.32 && most(aspects) < 1.35);
  assert.equal(least(crops.map(crop => crop.left)), 0);
  assert.equal(most(crops.map(crop => crop.top + crop.height)), height);
  const flips = crops.filter(crop => crop.flip).length / crops.length;
  assert.ok(Math.abs(flips - 0.5) < 0.03, `${flips}`);
});

test("a picture too long for any such crop gives its middle, as near to the bounds as can be", () => {
  const random = new Stream(0, "crops");
  const {flip: _, ...wide} = drawResizedCrop(random, 0, 1000, 30);
  assert.deepEqual(wide, {left: 480, top: 0, width: 40, height: 30});
  const {flip: __, ...high} = drawResizedCrop(random, 1, 30, 1000);
  assert.deepEqual(high, {left: 0, top: 480, width: 30, height: 40});
});

test("a test picture's short side becomes 256, its long one is truncated, and halves are rounded to even", () => {
  const of = (width: number, height: number) => centreCropOf(width, height, 256, 224);
  const crop = (left: number, top: number) => ({left, top, width: 224, height: 224});
  assert.deepEqual(of(500, 375), {scaled: {width: 341, height: 256}, crop: crop(58, 16)});
  assert.deepEqual(of(375, 500), {scaled: {width: 256, height: 341}, crop: crop(16, 58)});
  assert.deepEqual(of(500, 373), {scaled: {width: 343, height: 256}, crop: crop(60, 16)});
  assert.deepEqual(of(224, 224), {scaled: {width: 256, height: 256}, crop: crop(16, 16)});
});
