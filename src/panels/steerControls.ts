import {type SettingName, settingNamed} from "../search/settings";
import type {AnyRow} from "../search/settings/row";
import type {SearchSpec} from "../search/spec";
import {steerable} from "../search/steering";
import type {ControlRow} from "./panelState";

/**
 * A control for each setting that can be turned while this search runs, read off the settings' rows. A gain that is
 * learned, or a rule of one's own, has no words to choose among; dense weights are neither selected nor scaled.
 */
export function steerControls(spec: SearchSpec): ControlRow[] {
  return steerable.filter(name => turns(spec, name)).map(name => controlOf(name));
}

function turns(spec: SearchSpec, name: (typeof steerable)[number]): boolean {
  const row = settingNamed(name);
  if ((row.idle ?? []).some(({when}) => when(spec))) return false;
  if (name === "keepFraction") return spec.method !== "dense";
  return name !== "gain" || (typeof spec.gain === "string" && spec.gain !== "learned");
}

/** The control of a setting, as its row describes it. */
export function controlOf(name: SettingName): ControlRow {
  const {about, kind} = settingNamed(name) as AnyRow;
  // What is learned begins with the search.
  const choices = kind.choices?.filter(each => name !== "gain" || each !== "learned");
  return {name, about, ...(kind.slider && {slider: kind.slider}), ...(choices && {choices})};
}
