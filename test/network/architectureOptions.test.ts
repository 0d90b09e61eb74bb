// Width, classes and image of a named network, and what is refused.
import assert from "node:assert/strict";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {
  type ArchitectureName,
  architectureNames,
  architectures,
  operationsOf,
} from "../../src/network/architectures";
import {layerShapes} from "../../src/network/shapes";

test("a width multiplies every layer but the last, truncated", () => {
  const shapes = (arch: ArchitectureName, width: number): (readonly number[])[] =>
    layerShapes(operationsOf({arch, activation: "sign", width}), architectures[arch].image).layers.map(
      ({shape}) => shape,
    );
  assert.deepEqual(shapes("conv2", 0.3), [
    [3, 3, 3, 19],
    [3, 3, 19, 19],
    [16 * 16 * 19, 76],
    [76, 76],
    [76, 10],
  ]);
  for (const arch of architectureNames) {
    assert.equal(shapes(arch, 1.7).at(-1)?.at(-1), architectures[arch].classes ?? 10);
  }
});

test("the number of classes is the last layer's, and that of the architecture's data unless given", () => {
  for (const arch of architectureNames) {
    for (const classes of [undefined, 3]) {
      const operations = operationsOf({arch, activation: "relu", classes});
      const last = operations.at(-1);
      assert.ok(last?.op === "dense");
      assert.equal(last.units, classes ?? architectures[arch].classes ?? 10);
    }
  }
});

test("other image sizes do, as long as every pooling and stride has something left", () => {
  const dense = (height: number, width: number, channels: number): readonly number[] | undefined =>
    layerShapes(operationsOf({arch: "conv4", activation: "relu"}), [height, width, channels]).layers.find(
      ({name}) => name === "fc1",
    )?.shape;
  assert.deepEqual(dense(28, 28, 1), [7 * 7 * 128, 256]);
  assert.deepEqual(dense(64, 48, 3), [16 * 12 * 128, 256]);
  assert.deepEqual(dense(5, 4, 3), [128, 256]);
  const resnet = layerShapes(operationsOf({arch: "cifar-resnet20", activation: "relu"}), [28, 20, 1]);
  assert.deepEqual(resnet.layers.at(-1)?.shape, [64, 10]);
});

test("too small an image is refused with the layer that has nothing left", () => {
  const of = (arch: ArchitectureName, size: number) => () =>
    layerShapes(operationsOf({arch, activation: "relu"}), [size, size, 3]);
  for (const [arch, size] of [
    ["conv4", 3],
    ["conv8", 15],
    ["vgg-small", 7],
  ] as const) {
    assert.throws(of(arch, size), {
      name: "RangeError",
      message: /the image is too small for this network: max-pooling meets a side of 1/,
    });
    assert.ok(of(arch, size + 1)().layers.length > 0);
  }
});

function refuses(options: object, message: RegExp): void {
  assert.throws(
    () => operationsOf({arch: "conv2", activation: "relu", ...options}),
    error => {
      assert.ok(error instanceof UserError, `${error}`);
      assert.match(error.message, message);
      return true;
    },
  );
}

test("an unknown architecture or activation is a UserError that lists the choices", () => {
  for (const arch of ["resnet9", "toString"]) {
    refuses({arch}, new RegExp(`unknown architecture "${arch}".*; choose ${architectureNames.join(", ")}`));
  }
  refuses({activation: "tanh"}, /unknown activation "tanh"; choose relu \(MPT-1\/32\) or sign \(MPT-1\/1\)/);
});

test("a width that is not a positive number, or leaves a layer without channels, is a UserError", () => {
  for (const width of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    refuses({width}, new RegExp(`width must be a positive number, got ${width}`));
  }
  for (const arch of architectureNames)
    refuses({arch, width: 0.001}, /width 0.001 leaves layer .* without channels/);
});

test("a number of classes that is not a whole number of at least 1 is a UserError", () => {
  for (const classes of [0, -1, 2.5]) refuses({classes}, new RegExp(`classes must be .*, got ${classes}`));
});
