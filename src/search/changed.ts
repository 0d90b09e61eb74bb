import {filledIn, type Given, searchSpec} from "./defaults";
import {rowsOf, type SettingName, settingNames, usualValue} from "./settings";
import type {SearchSpec} from "./spec";

/**
 * The spec of what is given, with some settings changed, each by its path: `optimizer.momentum` leaves the other parts
 * of the optimiser as they are, unless its name changes too; then nothing but what is given counts.
 */
export function changed(given: Given, changes: Readonly<Record<string, unknown>>): SearchSpec {
  const base: Record<string, unknown> = {...given};
  const parts = new Map<string, Record<string, unknown>>();
  for (const [path, value] of Object.entries(changes)) {
    const [name, part] = path.split(".");
    if (part === undefined) base[name] = value;
    else parts.set(name, {...parts.get(name), [part]: value});
  }
  const usual = filledIn(base as unknown as Given);
  for (const [name, own] of parts) base[name] = merged(name as SettingName, usual, own);
  return searchSpec(base as unknown as Given);
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
