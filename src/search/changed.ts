import {suggestion} from "../core/choice";
import {UserError} from "../core/errors";
import {filledIn, type Given, searchSpec} from "./defaults";
import {rows, rowsOf, type SettingName, settingNames, usualValue} from "./settings";
import type {SearchSpec} from "./spec";

/**
 * The spec of what is given, with some settings changed, each by its path: `optimizer.momentum` leaves the other parts
 * of the optimiser as they are, unless its name changes too; then nothing but what is given counts. UserError for a path
 * that leads to no setting.
 */
export function changed(given: Given, changes: Readonly<Record<string, unknown>>): SearchSpec {
  const base: Record<string, unknown> = {...given};
  const parts = new Map<string, Record<string, unknown>>();
  for (const [path, value] of Object.entries(changes)) {
    const [name, part] = path.split(".");
    if (path.includes(".") && !mayHaveParts(path)) throw noSuch(path);
    if (part === undefined) base[name] = value;
    else parts.set(name, {...parts.get(name), [part]: value});
  }
  const usual = filledIn(base as unknown as Given);
  for (const [name, own] of parts) base[name] = merged(name as SettingName, usual, own);
  return searchSpec(base as unknown as Given);
}

/** Of a path of two words: whether the first is a setting of parts. */
function mayHaveParts(path: string): boolean {
  const [name, ...rest] = path.split(".");
  return rest.length === 1 && rows.some(row => row.part !== undefined && row.name === name);
}

function noSuch(path: string): UserError {
  const known = rows.flatMap(row => (row.part === undefined ? [] : [row.path]));
  return new UserError(`a spec has no "${path}"${suggestion(path, known)}; paths are ${known.join(", ")}`);
}

function merged(name: SettingName, usual: SearchSpec, parts: Record<string, unknown>): unknown {
  const before = (usual[name] ?? usualParts(name)) as {name?: unknown};
  return parts.name === undefined || parts.name === before.name ? {...before, ...parts} : parts;
}

/** Of a group that is absent, so that one part of it can be given alone. */
function usualParts(name: SettingName): Record<string, unknown> {
  if (!settingNames.includes(name)) return {};
  const values = rowsOf(name).flatMap(({part, row}) => {
    const value = usualValue(row, {method: "biprop"});
    return part === undefined || value === undefined ? [] : [[part, value]];
  });
  return Object.fromEntries(values);
}
