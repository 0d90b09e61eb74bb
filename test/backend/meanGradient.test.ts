import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";

fc.configureGlobal({seed: 1});

test("a mean's gradient is dL/dy over the number of values, at each of them, whatever the axes", async () => {
  await useBackend("auto");
  const shapeAndAxes = fc.array(fc.integer({min: 1, max: 4}), {minLength: 1, maxLength: 4}).chain(shape =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.subarray(
        shape.map((_, axis) => axis),
        {minLength: 1},
      ),
    }),
  );
  const keepDims = fc.boolean();
  fc.assert(
    fc.property(shapeAndAxes, keepDims, ({shape, axes}, keep) => {
      const [x, dy] = [
        tf.randomNormal(shape, 0, 1, "float32", 1),
        tf.tidy(() => tf.mean(tf.ones(shape), axes, keep)),
      ];
      const given = tf.tidy(() => tf.range(1, dy.size + 1).reshape(dy.shape));
      const count = axes.reduce((product, axis) => product * shape[axis], 1);
      const [gradient, expected] = tf.tidy(() => {
        const along = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
        const spread = given.reshape(along).mul(tf.ones(shape)).div(count);
        return [tf.grad((input: tf.Tensor) => tf.mean(input, axes, keep))(x, given), spread];
      });
      assert.deepEqual(gradient.shape, shape);
      assert.deepEqual(gradient.dataSync(), expected.dataSync());
      tf.dispose([x, dy, given, gradient, expected]);
    }),
    {numRuns: 100},
  );
});
