import {create, toBinary} from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import {unknownChoice} from "../core/choice";
import {UserError} from "../core/errors";

/** How signs are stored: a byte each (opset 13, any runtime), or half a byte (opset 21). The graph computes the same. */
export type SignStorage = "int8" | "int4";
export const signStorages: readonly SignStorage[] = ["int8", "int4"];

/** The version of ONNX that a form of storage needs: opset, and the file format's own. */
const versions = {int8: {opset: 13, ir: 7}, int4: {opset: 21, ir: 10}} as const;

export interface ModelTexts {
  readonly name: string;
  readonly producerVersion: string;
  readonly describe: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A side of a tensor: a number, or the name of one that is left open. */
type Side = number | string;

/** A graph of ONNX under construction; a tensor is named by a text. */
export class OnnxGraph {
  private readonly nodes: NodeProto[] = [];
  private readonly initialisers: TensorProto[] = [];
  private readonly scalars = new Map<number, string>();

  /** UserError for a storage that is none. */
  constructor(private readonly storage: SignStorage) {
    if (!signStorages.includes(storage))
      throw new UserError(unknownChoice("storage of signs", storage, signStorages));
  }

  /** The output of one operator. */
  node(
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    return this.nodes$(opType, input, 1, attributes)[0];
  }

  /** The outputs of one operator. */
  nodes$(
    opType: string,
    input: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): string[] {
    const name = `${opType}_${this.nodes.length}`;
    const output = Array.from({length: outputs}, (_, i) => (outputs === 1 ? name : `${name}.${i}`));
    const attribute = Object.entries(attributes).map(([key, value]) =>
      create(
        AttributeProtoSchema,
        typeof value === "number"
          ? {name: key, type: AttributeType.INT, i: BigInt(value)}
          : {name: key, type: AttributeType.INTS, ints: value.map(BigInt)},
      ),
    );
    this.nodes.push(create(NodeProtoSchema, {opType, name, input: [...input], output, attribute}));
    return output;
  }

  floats(name: string, dims: readonly number[], values: Iterable<number>): string {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    return this.tensor(name, DataType.FLOAT, dims, bytes);
  }

  /** Whole numbers of a byte each, or of four: what quantised models store, and their zero points. */
  stored(
    name: string,
    dims: readonly number[],
    values: Int8Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
  ): string {
    const type =
      values instanceof Int8Array
        ? DataType.INT8
        : values instanceof Uint8Array
          ? DataType.UINT8
          : DataType.INT32;
    return this.tensor(name, type, dims, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  integers(name: string, values: readonly number[], dims: readonly number[] = [values.length]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.tensor(name, DataType.INT64, dims, bytes);
  }

  /** A number for all channels. */
  scalar(value: number): string {
    const known = this.scalars.get(value) ?? this.floats(`scalar_${this.scalars.size}`, [], [value]);
    this.scalars.set(value, known);
    return known;
  }

  /** Stored signs as a float tensor: exactly −1, 0 and 1, whatever the runtime does with the rest. */
  signs(name: string, dims: readonly number[], signs: Int8Array): string {
    const stored =
      this.storage === "int8"
        ? this.tensor(name, DataType.INT8, dims, Uint8Array.from(signs))
        : this.tensor(name, DataType.INT4, dims, packedHalves(signs));
    return this.node("Cast", [stored], {to: DataType.FLOAT});
  }

  /** The model's bytes, from `images` to `logits`, which becomes the name of tensor `last`. */
  bytes(last: string, images: readonly Side[], logits: readonly Side[], texts: ModelTexts): Uint8Array {
    const {opset, ir} = versions[this.storage];
    const node = this.nodes.find(({output}) => output[0] === last);
    if (node === undefined) throw new RangeError(`no operator gives ${last}`);
    node.output[0] = "logits";
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(ir),
      producerName: "multiprize",
      producerVersion: texts.producerVersion,
      docString: texts.describe,
      opsetImport: [create(OperatorSetIdProtoSchema, {domain: "", version: BigInt(opset)})],
      metadataProps: Object.entries(texts.metadata).map(([key, value]) =>
        create(StringStringEntryProtoSchema, {key, value}),
      ),
      graph: create(GraphProtoSchema, {
        name: texts.name,
        node: this.nodes,
        initializer: this.initialisers,
        input: [tensorInfo("images", images)],
        output: [tensorInfo("logits", logits)],
      }),
    });
    return toBinary(ModelProtoSchema, model);
  }

  private tensor(
    name: string,
    dataType: DataType,
    dims: readonly number[],
    rawData: Uint8Array<ArrayBuffer>,
  ): string {
    this.initialisers.push(create(TensorProtoSchema, {name, dataType, dims: dims.map(BigInt), rawData}));
    return name;
  }
}

/** Two to a byte, the first in its lower half; in two's complement. */
function packedHalves(signs: Int8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(signs.length / 2));
  for (let i = 0; i < signs.length; i++) bytes[i >> 1] |= (signs[i] & 15) << (4 * (i & 1));
  return bytes;
}

function tensorInfo(name: string, sides: readonly Side[]): ValueInfoProto {
  const dim = sides.map(side =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof side === "string" ? {case: "dimParam", value: side} : {case: "dimValue", value: BigInt(side)},
    }),
  );
  const shape = create(TensorShapeProtoSchema, {dim});
  const value = create(TypeProto_TensorSchema, {elemType: DataType.FLOAT, shape});
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {value: {case: "tensorType", value}}),
  });
}
