import type {Path} from "./comm";

/** A state as the protocol sends it: binary values apart, and where they belong. */
export interface Split {
  readonly state: Record<string, unknown>;
  readonly buffer_paths: Path[];
  readonly buffers: ArrayBufferView[];
}

/** Takes binary values out: those that stand in the state itself, or under one key of it. */
export function split(whole: Readonly<Record<string, unknown>>): Split {
  const paths: Path[] = [];
  const buffers: ArrayBufferView[] = [];
  const strip = (values: Readonly<Record<string, unknown>>, at: Path): Record<string, unknown> => {
    const rest: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(values)) {
      if (ArrayBuffer.isView(value)) {
        paths.push([...at, key]);
        buffers.push(value);
      } else if (at.length === 0 && isObject(value)) rest[key] = strip(value, [key]);
      else rest[key] = value;
    }
    return rest;
  };
  return {state: strip(whole, []), buffer_paths: paths, buffers};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
