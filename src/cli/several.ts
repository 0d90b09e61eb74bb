import {InvalidArgumentError} from "commander";

/** An option that may be repeated, and takes a comma list. */
export function several<T extends string>(choices: readonly T[]): (text: string, before?: T[]) => T[] {
  return (text, before = []) => {
    const names = text.split(",").map(name => name.trim() as T);
    const unknown = names.find(name => !choices.includes(name));
    if (unknown !== undefined)
      throw new InvalidArgumentError(`"${unknown}" is none of ${choices.join(", ")}.`);
    return [...new Set([...before, ...names])];
  };
}
