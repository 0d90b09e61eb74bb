import type {ElementType} from "./elements";

/** A value that a pickle names by module and name. What it may stand for is decided by whoever reads the result. */
export interface Global {
  readonly global: string;
}

/** An object of a class that is not read here, such as an argparse.Namespace: nothing of it is kept but its class. */
export interface Foreign {
  readonly foreign: string;
}

/** What a pickled storage is: its elements lie in a file of their own, named by `key`. */
export interface Storage {
  readonly type: ElementType;
  readonly key: string;
  readonly elements: number;
}

/** A view of a storage: element (i, j, …) is that at `offset + i · strides[0] + j · strides[1] + …`. */
export interface Tensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export type PickleKey = string | number;
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Global
  | Foreign
  | Storage
  | Tensor
  | readonly PickleValue[]
  | PickleMap;
export type PickleMap = Map<PickleKey, PickleValue>;

export function isTensor(value: PickleValue | undefined): value is Tensor {
  return isObject(value) && "storage" in value;
}

/** Neither a plain value nor a list nor a dictionary. */
export function isObject(value: PickleValue | undefined): value is Global | Foreign | Storage | Tensor {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Map);
}
