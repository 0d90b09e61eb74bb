import * as tf from "@tensorflow/tfjs";
import {
  type BinaryLayer,
  type BinaryNetwork,
  type ChannelAffine,
  isRelu,
  layerNamed,
  normNamed,
} from "../infer/network";
import type {Operation} from "../network/operations";

/** Logits [count, classes] of normalised images, computed by the TensorFlow.js backend in use. */
export interface FloatNetwork {
  readonly predict: (images: Float32Array, count: number) => Float32Array;
  readonly dispose: () => void;
}

type Step = (x: tf.Tensor) => tf.Tensor;

/**
 * The baseline: the same network in dense float32, as well as TensorFlow.js does it. Batch norm is folded into weights
 * and bias where no negative slope stands behind a pooling, bias and ReLU are fused into convolution and product. Its
 * tensors belong to the backend that is in use at the time. For MPT-1/1 the network with ReLU in place of sign.
 */
export function floatNetwork(network: BinaryNetwork): FloatNetwork {
  const held: tf.Tensor[] = [];
  const hold = <T extends tf.Tensor>(tensor: T): T => {
    held.push(tf.keep(tensor));
    return tensor;
  };
  const steps = compile(network, network.operations, hold);
  return {
    predict: (images, count) => {
      const logits = tf.tidy(() => {
        const x = tf.tensor4d(images, [count, ...network.image]);
        return steps.reduce<tf.Tensor>((value, step) => step(value), x);
      });
      const values = logits.dataSync() as Float32Array;
      logits.dispose();
      return values;
    },
    dispose: () => tf.dispose(held),
  };
}

function compile(
  network: BinaryNetwork,
  operations: readonly Operation[],
  hold: <T extends tf.Tensor>(t: T) => T,
): Step[] {
  const steps: Step[] = [];
  const relu = (operation: Operation | undefined): boolean => isRelu(operation, "relu");
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i];
    if (operation.op === "conv" || operation.op === "dense") {
      const layer = layerNamed(network, operation.name);
      const pool =
        operations[i + 1]?.op === "maxpool"
          ? (operations[i + 1] as Extract<Operation, {op: "maxpool"}>)
          : undefined;
      const behind = operations[i + (pool ? 2 : 1)];
      const norm = behind?.op === "batchnorm" ? normNamed(network, behind.name) : undefined;
      const folds = norm !== undefined && (!pool || norm.scale.every(scale => scale > 0));
      if (folds) i += pool ? 2 : 1;
      else if (pool) i++;
      const activation = relu(operations[i + 1]) && (folds || !pool) ? "relu" : undefined;
      if (activation) i++;
      steps.push(affineStep(operation, layer, folds ? norm : undefined, activation, hold));
      if (pool) steps.push(maxPool(pool));
    } else steps.push(otherStep(network, operation, hold));
  }
  return steps;
}

/** A convolution or product with bias and activation fused. */
function affineStep(
  operation: Extract<Operation, {op: "conv" | "dense"}>,
  {shape, signs, gain}: BinaryLayer,
  norm: ChannelAffine | undefined,
  activation: "relu" | undefined,
  hold: <T extends tf.Tensor>(t: T) => T,
): Step {
  const outputs = shape[shape.length - 1];
  const values = Float32Array.from(signs, (sign, i) => sign * gain * (norm?.scale[i % outputs] ?? 1));
  const bias = norm && hold(tf.tensor1d(norm.shift));
  if (operation.op === "dense") {
    const b = hold(tf.tensor2d(values, [shape[0], shape[1]]));
    return x => tf.fused.matMul({a: x as tf.Tensor2D, b, bias, activation});
  }
  const {stride: strides, pad, kernel} = operation;
  const filter = hold(tf.tensor4d(values, shape as [number, number, number, number]));
  const same = strides === 1 && 2 * pad + 1 === kernel;
  return x => {
    const sides: [number, number] = [pad, pad];
    const padded = same || pad === 0 ? x : tf.pad4d(x as tf.Tensor4D, [[0, 0], sides, sides, [0, 0]]);
    return tf.fused.conv2d({
      x: padded as tf.Tensor4D,
      filter,
      strides,
      pad: same ? "same" : "valid",
      bias,
      activation,
    });
  };
}

function maxPool({size, stride, pad}: Extract<Operation, {op: "maxpool"}>): Step {
  const sides: [number, number] = [pad, pad];
  return x => {
    const padded =
      pad === 0 ? x : tf.pad4d(x as tf.Tensor4D, [[0, 0], sides, sides, [0, 0]], Number.NEGATIVE_INFINITY);
    return tf.maxPool(padded as tf.Tensor4D, size, stride, "valid");
  };
}

function otherStep(
  network: BinaryNetwork,
  operation: Exclude<Operation, {op: "conv" | "dense"}>,
  hold: <T extends tf.Tensor>(t: T) => T,
): Step {
  switch (operation.op) {
    case "batchnorm": {
      const norm = normNamed(network, operation.name);
      const [scale, shift] = [hold(tf.tensor1d(norm.scale)), hold(tf.tensor1d(norm.shift))];
      return x => x.mul(scale).add(shift);
    }
    case "activation":
    case "relu":
      return x => tf.relu(x);
    case "maxpool":
      return maxPool(operation);
    case "avgpool":
      return x => x.mean([1, 2]);
    case "flatten":
      return x => x.reshape([x.shape[0], -1]);
    case "residual": {
      const main = compile(network, operation.main, hold);
      const shortcut = compile(network, operation.shortcut, hold);
      const through = (steps: readonly Step[], x: tf.Tensor): tf.Tensor =>
        steps.reduce((value, step) => step(value), x);
      return x => through(main, x).add(through(shortcut, x));
    }
  }
}
