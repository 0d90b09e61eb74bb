import {shownValue, suggestion} from "../core/choice";
import {UserError} from "../core/errors";
import {rowsOf, type SettingName, settingNamed, settingNames} from "./settings";
import type {AnyRow} from "./settings/row";

/** Throws a UserError for what is no setting, and for a value that a setting does not take; one line, with what is valid. */
export function checkSettings(given: object): void {
  foreign("a spec", given, settingNames);
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) checkSetting(name as SettingName, value);
}

/** The same of one setting; undefined is no value. */
export function checkSetting(name: SettingName, value: unknown): void {
  const setting = settingNamed(name);
  if (!("parts" in setting)) {
    checkValue(name, setting, value);
    return;
  }
  const parts = Object.keys(setting.parts);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(`${name} is an object of ${parts.join(", ")}; got ${shownValue(value)}`);
  }
  foreign(name, value, parts);
  for (const {part, path, row} of rowsOf(name)) {
    const own = (value as Record<string, unknown>)[part!];
    if (own !== undefined) checkValue(path, row, own);
    else if ("usual" in row) throw new UserError(`${path} is missing: it must be ${row.kind.valid}`);
  }
}

function checkValue(path: string, {kind}: AnyRow, value: unknown): void {
  if (!kind.accepts(value)) throw new UserError(kind.refusal(path, value));
}

function foreign(what: string, given: object, names: readonly string[]): void {
  const key = Object.keys(given).find(each => !names.includes(each));
  if (key !== undefined)
    throw new UserError(`${what} has no "${key}"${suggestion(key, names)}; it has ${names.join(", ")}`);
}
