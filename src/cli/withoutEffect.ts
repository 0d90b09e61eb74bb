import {Option} from "commander";
import {rows, settingNamed} from "../search/settings";
import type {SearchSpec} from "../search/spec";
import {inFlags} from "./mistake";

/** The options of `search`, as typed, that were given but change nothing, each with the reason. */
export function withoutEffect(
  spec: SearchSpec,
  other: {readonly checkpoint?: string; readonly resume?: boolean},
  given: (attribute: string) => boolean,
): string[] {
  const settings = rows.flatMap(({name, row: {flag, idle = settingNamed(name).idle ?? []}}) => {
    const option = new Option(flag);
    const reason = given(option.attributeName()) && idle.find(({when}) => when(spec))?.because;
    return reason ? [`${option.long} (${inFlags(reason)})`] : [];
  });
  const others = [
    {flag: "--every", attribute: "every", idle: other.checkpoint === undefined, reason: "--checkpoint"},
    {flag: "--other-machine", attribute: "otherMachine", idle: other.resume !== true, reason: "--resume"},
  ];
  return [
    ...settings,
    ...others.flatMap(({flag, attribute, idle, reason}) =>
      idle && given(attribute) ? [`${flag} (goes with ${reason})`] : [],
    ),
  ];
}
