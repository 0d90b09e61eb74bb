import {binarises} from "../layers/method";
import type {SearchSpec} from "../search/spec";

type Given = (option: string) => boolean;

/** The options of `search`, as typed, that were given but change nothing, each with the reason. */
export function withoutEffect(
  spec: Pick<SearchSpec, "activation" | "method" | "selection" | "tuneBatchNorm">,
  other: {readonly checkpoint?: string; readonly resume?: boolean},
  given: Given,
): string[] {
  const {activation, method, selection, tuneBatchNorm} = spec;
  const dense = method === "dense";
  const named = `--method ${method}`;
  const stays = method === "random-mask" ? named : "--tune-bn";
  const rules: [flag: string, option: string, idle: boolean, reason: string][] = [
    ["--surrogate", "surrogate", activation === "relu", "goes with --activation sign"],
    ["--selection", "selection", dense && selection === "global", `${named} prunes nothing`],
    ["--ranking", "ranking", dense, `${named} has no scores`],
    ["--scores", "scores", dense, `${named} has none`],
    ["--gain", "gain", !binarises(method), `${named} leaves real weights`],
    ["--score-gradient", "scoreGradient", dense, `${named} has no scores`],
    [
      "--score-gradient",
      "scoreGradient",
      !dense && (method === "random-mask" || tuneBatchNorm),
      `${stays} leaves the scores as they are`,
    ],
    ["--every", "every", other.checkpoint === undefined, "goes with --checkpoint"],
    ["--other-machine", "otherMachine", other.resume !== true, "goes with --resume"],
  ];
  return rules
    .filter(([, option, idle]) => idle && given(option))
    .map(([flag, , , reason]) => `${flag} (${reason})`);
}
