import type {Json} from "../ticket/ticket";

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * A TensorFlow.js LayersModel under construction, in the form of `model.save`: a topology in JSON, and all weights as
 * float32 one after the other. A layer is named by a text, and so is its output. No TensorFlow.js is needed to write it.
 */
export class LayersModel {
  private readonly layers: Json[] = [];
  private readonly weights: Weight[] = [];

  constructor(
    private readonly name: string,
    image: readonly number[],
  ) {
    const config = {batch_input_shape: [null, ...image], dtype: "float32", sparse: false, name: "images"};
    this.layers.push({class_name: "InputLayer", config, name: "images", inbound_nodes: []});
  }

  /** Adds a layer behind others, and gives its name; a name is made up where none is given. */
  layer(
    className: string,
    given: string | undefined,
    config: Readonly<Record<string, Json>>,
    inputs: readonly string[],
    weights: readonly Weight[] = [],
  ): string {
    const name = given ?? `${className}_${this.layers.length}`;
    const common = {name, trainable: false, dtype: "float32", ...images(className)};
    this.layers.push({
      class_name: className,
      name,
      config: {...common, ...config},
      inbound_nodes: [inputs.map(input => [input, 0, 0, {}])],
    });
    for (const weight of weights) this.weights.push({...weight, name: `${name}/${weight.name}`});
    return name;
  }

  /** An image with that many zeros on every side. */
  padded(x: string, pad: number): string {
    if (pad === 0) return x;
    const sides = [pad, pad];
    return this.layer("ZeroPadding2D", undefined, {padding: [sides, sides]}, [x]);
  }

  /** model.json and weights.bin; `about` is kept in the JSON as `userDefinedMetadata`. */
  files(output: string, about: object): Record<string, Uint8Array> {
    const config = {
      name: this.name,
      layers: this.layers,
      input_layers: [["images", 0, 0]],
      output_layers: [[output, 0, 0]],
    };
    const model = {
      format: "layers-model",
      generatedBy: "multiprize",
      convertedBy: null,
      userDefinedMetadata: about,
      modelTopology: {
        class_name: "Model",
        config,
        keras_version: "tfjs-layers 4.22.0",
        backend: "tensor_flow.js",
      },
      weightsManifest: [
        {
          paths: ["weights.bin"],
          weights: this.weights.map(({name, shape}) => ({name, shape, dtype: "float32"})),
        },
      ],
    };
    const bytes = this.weights.map(
      ({values}) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    return {
      "model.json": new TextEncoder().encode(JSON.stringify(model)),
      "weights.bin": new Uint8Array(Buffer.concat(bytes)),
    };
  }
}

/** Layers that take images read them as [batch, height, width, channels]. */
function images(className: string): Record<string, Json> {
  return /2D$|^Flatten$/.test(className) ? {data_format: "channels_last"} : {};
}
