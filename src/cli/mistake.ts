import {Option} from "commander";
import {suggestion} from "../core/choice";
import {rows} from "../search/settings";
import {refusalOf} from "../system/refusal";

/** The flag of each setting by its path, and by the part's own name. */
const flags: ReadonlyMap<string, string> = new Map(
  rows.flatMap(({path, part, row}) => {
    const {long} = new Option(row.flag);
    return part === undefined
      ? [[path, long!]]
      : [
          [path, long!],
          [part, long!],
        ];
  }),
);

/**
 * A message of the library in the words of who typed flags: `method: dense` in backticks, optimizer.momentum, and
 * keepFraction, a word that no sentence has by itself.
 */
export function inFlags(message: string): string {
  const flag = (word: string): string => flags.get(word) ?? word;
  return message
    .replace(/`(\w+): ([^`]+)`/g, (_, name: string, value: string) =>
      value === "true" ? flag(name) : `${flag(name)} ${value}`,
    )
    .replace(/\b[a-z]+\.[a-z]\w*\b/gi, flag)
    .replace(/\b[a-z]+[A-Z]\w*\b/g, flag);
}

/** What commander says of a word that is none of its choices, with the nearest of them, as unknown commands have it. */
export function withNearest(message: string): string {
  return message.replace(
    /'([^'\n]*)' is invalid( for argument '\w+')?(?=\. Allowed choices are (.*)\.$)/m,
    (said, word: string, _, choices: string) => said + suggestion(word, choices.split(", ")),
  );
}

/** What a file system refused (a file where a folder should be, no permission, a full disk) in one line; else undefined. */
export function refusedByDisk(error: unknown): string | undefined {
  const {code, syscall, path} = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || path === undefined) return undefined;
  return `cannot use ${path}: ${refusalOf(error as Error)}`;
}
