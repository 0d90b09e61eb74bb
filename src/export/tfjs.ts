import {type BinaryNetwork, layerNamed, nearZero, networkOfTicket, normNamed} from "../infer/network";
import type {Operation} from "../network/operations";
import {settled} from "../network/settle";
import {givenTicket} from "../ticket/givenTicket";
import type {Ticket} from "../ticket/ticket";
import {LayersModel} from "./layersModel";

/**
 * A ticket as the files of a TensorFlow.js LayersModel, by name: `tf.loadLayersModel` of model.json gives a model from
 * normalised images [batch, height, width, channels] to logits [batch, classes]. Weights are α·M ⊙ sign(W) as float32,
 * batch norm is a layer of scale and shift. MPT-1/32 takes layers of TensorFlow.js alone; MPT-1/1 the project's
 * BinaryActivation too (and PaddedMaxPool where an image of signs is padded), which importing multiprize registers.
 */
export function tfjsOf(ticket: Ticket): Record<string, Uint8Array> {
  const {network, selection, normalisation, classNames, provenance} = givenTicket(ticket);
  const model = new LayersModel(network.arch, ticket.image);
  const built = networkOfTicket(ticket);
  const operations = settled(built.operations, built.image, built.activation);
  const output = sequence(model, built, operations, "images");
  return model.files(output, {network, selection, normalisation, classNames, provenance});
}

function sequence(
  model: LayersModel,
  network: BinaryNetwork,
  operations: readonly Operation[],
  input: string,
): string {
  return operations.reduce((x, operation) => after(model, network, x, operation), input);
}

function after(model: LayersModel, network: BinaryNetwork, x: string, operation: Operation): string {
  const isSigned = network.activation === "sign";
  switch (operation.op) {
    case "conv": {
      const {name, filters, kernel, stride, pad} = operation;
      const layer = layerNamed(network, name);
      // Sums near 0 count as 0, whose sign is +1: y ≥ −bound.
      const settles = operation.beforeSign ?? false;
      const config = {
        filters,
        kernel_size: [kernel, kernel],
        strides: [stride, stride],
        padding: "valid",
        use_bias: settles,
      };
      const bias = new Float32Array(filters).fill(nearZero(layer));
      const weights = [
        {name: "kernel", shape: layer.shape, values: scaled(layer)},
        ...(settles ? [{name: "bias", shape: [filters], values: bias}] : []),
      ];
      return model.layer("Conv2D", name, config, [model.padded(x, pad)], weights);
    }
    case "dense": {
      const layer = layerNamed(network, operation.name);
      const weights = [{name: "kernel", shape: layer.shape, values: scaled(layer)}];
      return model.layer(
        "Dense",
        operation.name,
        {units: operation.units, use_bias: false, activation: "linear"},
        [x],
        weights,
      );
    }
    case "batchnorm": {
      const {scale, shift} = normNamed(network, operation.name);
      const channels = scale.length;
      const one = new Float32Array(channels).fill(1);
      const config = {axis: -1, epsilon: 0, center: true, scale: true};
      const weights = [
        {name: "gamma", values: scale},
        {name: "beta", values: shift},
        {name: "moving_mean", values: new Float32Array(channels)},
        {name: "moving_variance", values: one},
      ].map(weight => ({...weight, shape: [channels]}));
      return model.layer("BatchNormalization", operation.name, config, [x], weights);
    }
    case "activation":
    case "relu":
      return operation.op === "activation" && isSigned
        ? model.layer("BinaryActivation", undefined, {surrogate: "bi-real"}, [x])
        : model.layer("ReLU", undefined, {max_value: null}, [x]);
    case "maxpool": {
      const {size, stride, pad} = operation;
      if (pad > 0 && isSigned)
        return model.layer("PaddedMaxPool", undefined, {size, strides: stride, padding: pad}, [x]);
      // A ReLU stands before or behind it, and max(relu(x)) is the same with zeros about.
      const config = {pool_size: [size, size], strides: [stride, stride], padding: "valid"};
      return model.layer("MaxPooling2D", undefined, config, [model.padded(x, pad)]);
    }
    case "avgpool":
      return model.layer("GlobalAveragePooling2D", undefined, {}, [x]);
    case "flatten":
      return model.layer("Flatten", undefined, {}, [x]);
    case "residual": {
      const main = sequence(model, network, operation.main, x);
      const shortcut = sequence(model, network, operation.shortcut, x);
      return model.layer("Add", undefined, {}, [main, shortcut]);
    }
  }
}

function scaled({signs, gain}: {signs: Int8Array; gain: number}): Float32Array {
  return Float32Array.from(signs, sign => sign * gain);
}
