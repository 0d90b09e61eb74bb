import {createHash} from "node:crypto";
import {UserError} from "../../core/errors";
import type {DatasetName} from "../../data/load";
import {settingNamed, settingNames} from "../../search/settings";
import type {SearchSpec} from "../../search/spec";

/** All that is asked of one run: which data, and the search on it. */
export interface RunSpec {
  readonly dataset: DatasetName;
  readonly spec: SearchSpec;
}

/** Of each setting that has one, the value that a hash leaves out. */
const neutral: Readonly<Record<string, string>> = Object.fromEntries(
  settingNames.map(name => [name, canonical(settingNamed(name).neutral)]),
);

/**
 * The name of a run: 12 hexadecimal digits of the SHA-256 of its spec without what is neutral, keys in order.
 * UserError for a spec with a function, whose code is not in it.
 */
export function specId({dataset, spec}: RunSpec): string {
  const own = Object.entries(spec).find(([, value]) => typeof value === "function");
  if (own)
    throw new UserError(`a run whose ${own[0]} is a function has no name: its code is not in the spec`);
  const told = Object.entries(spec).filter(([key, value]) => canonical(value) !== neutral[key]);
  const text = canonical({...Object.fromEntries(told), dataset});
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** JSON with the keys of every object in order, and without undefined ones. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
