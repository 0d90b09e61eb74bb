import {budget} from "./settings/budget";
import {mask} from "./settings/mask";
import {network} from "./settings/network";
import type {AnyRow, AnySetting, Depends, Settings} from "./settings/row";
import {rules} from "./settings/rules";
import {training} from "./settings/training";
import type {Knobs, SearchSpec} from "./spec";

export type SettingName = keyof SearchSpec;

/**
 * All that is known of a search's settings, a row each: what it is, its flag, what values it takes, the usual one, what
 * a run's hash leaves out, whether it is a knob, and when it changes nothing. Defaults, checks, hashes, options, help,
 * notes, knobs and the page docs/settings.md are read off these rows; a field of a spec without one does not compile.
 */
export const settings: Settings = {...network, ...mask, ...rules, ...training, ...budget};

/** The same under the headings of help and docs. */
export const settingGroups: readonly {readonly title: string; readonly names: readonly SettingName[]}[] = [
  {title: "Network", names: namesOf(network)},
  {title: "What is kept", names: namesOf(mask)},
  {title: "Random weights, scores, gain and gradients", names: namesOf(rules)},
  {title: "Training", names: namesOf(training)},
  {title: "Length, data and chance", names: namesOf(budget)},
];

export const settingNames: readonly SettingName[] = namesOf(settings);

/** The settings that `ablate` turns. */
export const knobNames: readonly (keyof Knobs)[] = settingNames.filter(
  (name): name is keyof Knobs => settingNamed(name).knob === true,
);

/** A row with its address: `keepFraction`, or `optimizer.momentum` for a part. */
export interface Located {
  readonly path: string;
  readonly name: SettingName;
  readonly part?: string;
  readonly row: AnyRow;
}

/** Every row that has a value of its own, parts in place of their group. */
export const rows: readonly Located[] = settingNames.flatMap(rowsOf);

export function rowsOf(name: SettingName): Located[] {
  const setting = settingNamed(name);
  if (!("parts" in setting)) return [{path: name, name, row: setting}];
  return Object.entries(setting.parts).map(([part, row]) => ({path: `${name}.${part}`, name, part, row}));
}

/** What a spec has at a row's path; undefined where it has no such setting or part. */
export function settingValue(spec: SearchSpec, path: string): unknown {
  const [name, part] = path.split(".");
  const value: unknown = spec[name as SettingName];
  return part === undefined ? value : (value as Readonly<Record<string, unknown>> | undefined)?.[part];
}

/** A setting, whatever the type of its value. */
export function settingNamed(name: SettingName): AnySetting {
  return settings[name] as AnySetting;
}

export function isDepends(usual: unknown): usual is Depends<unknown> {
  return typeof usual === "object" && usual !== null && "depends" in usual;
}

/** The usual value of a row that no recipe gives; undefined where one does, or where the setting may be absent. */
export function usualValue({usual}: Pick<AnySetting, "usual">, chosen: Pick<SearchSpec, "method">): unknown {
  return isDepends(usual) ? usual.on?.(chosen) : usual;
}

/** The usual value in words. */
export function usualText({usual, absent}: Pick<AnySetting, "usual" | "absent">): string {
  const value = usual ?? absent;
  return isDepends(value) ? value.depends : String(value);
}

function namesOf(some: Partial<Settings>): SettingName[] {
  return Object.keys(some) as SettingName[];
}
