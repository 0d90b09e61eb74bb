import {CheckpointError} from "./checkpointError";
import {isElementType} from "./elements";
import {
  type Foreign,
  type Global,
  isObject,
  isTensor,
  type PickleValue,
  type Storage,
  type Tensor,
} from "./pickleValues";

/** What PyTorch's pickles call: functions of which each here makes a plain value. Nothing else is known by name. */
const callables: Readonly<Record<string, ((values: readonly PickleValue[]) => PickleValue) | undefined>> = {
  "collections.OrderedDict": values => dictOf(values),
  "torch._utils._rebuild_tensor_v2": values => tensorOf(values),
  "torch._utils._rebuild_parameter": values => tensorWithin(values[0]),
  "torch._utils._rebuild_parameter_with_state": values => tensorWithin(values[0]),
  // (function, class, its values, what the tensor knows besides)
  "torch._tensor._rebuild_from_type_v2": ([rebuild, , values]) => called(rebuild, values),
  "torch.Size": ([sizes]) => sizes ?? [],
};

/**
 * What calling a named thing gives: a dictionary or a tensor for the functions above, else an object of which only the
 * name is known. Nothing is ever executed.
 */
export function called(callable: PickleValue | undefined, given: PickleValue | undefined): PickleValue {
  const values = Array.isArray(given) ? (given as readonly PickleValue[]) : [];
  if (!isObject(callable) || !("global" in callable || "foreign" in callable))
    throw new CheckpointError("its pickle calls what is no function");
  if ("foreign" in callable) return callable;
  const known = Object.hasOwn(callables, callable.global) ? callables[callable.global] : undefined;
  return known ? known(values) : foreign(callable);
}

export function foreign({global}: Global): Foreign {
  return {foreign: global.slice(0, 80)};
}

/** Empty and filled afterwards; or of a list of pairs, as Python 2 wrote it, which is used up: so no list is read twice. */
function dictOf([pairs]: readonly PickleValue[]): PickleValue {
  const map = new Map();
  for (const pair of Array.isArray(pairs) ? (pairs as PickleValue[]).splice(0) : []) {
    const [key, value] = Array.isArray(pair) ? (pair as readonly PickleValue[]) : [];
    if (typeof key === "string" || typeof key === "number") map.set(key, value ?? null);
  }
  return map;
}

function tensorWithin(value: PickleValue | undefined): PickleValue {
  if (isTensor(value)) return value;
  throw new CheckpointError("a parameter in it is not described as PyTorch does");
}

/** (storage, offset, shape, strides, …) */
function tensorOf([storage, offset, shape, strides]: readonly PickleValue[]): Tensor {
  if (!isObject(storage) || !("key" in storage) || !isSize(offset) || !isSizes(shape) || !isSizes(strides)) {
    throw new CheckpointError("a tensor in it is not described as PyTorch does");
  }
  return {storage, offset, shape, strides};
}

/** ("storage", class, key, device, elements, and of old files what part of another storage it is) */
export function storageOf(id: PickleValue): Storage {
  const [what, kind, key, , elements, part] = Array.isArray(id) ? (id as readonly PickleValue[]) : [];
  const name =
    isObject(kind) && "global" in kind ? /^torch\.(\w+)Storage$/.exec(kind.global)?.[1] : undefined;
  if (part !== undefined && part !== null)
    throw new CheckpointError(
      "a storage in it is part of another, as PyTorch wrote before 0.4: save it anew there",
    );
  if (
    what !== "storage" ||
    name === undefined ||
    !isElementType(name) ||
    typeof key !== "string" ||
    !/^\d{1,20}$/.test(key) ||
    !isSize(elements)
  ) {
    throw new CheckpointError("a storage in it is not described as PyTorch does");
  }
  return {type: name, key, elements};
}

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isSizes(value: PickleValue | undefined): value is readonly number[] {
  return Array.isArray(value) && value.length <= 8 && (value as readonly PickleValue[]).every(isSize);
}
