import {unknownChoice} from "./choice";

/** A row of a table of variants, by its name, or a function of the user's own in its place. */
export type Rule<Name extends string, F> = Name | F;

/** The function that a rule stands for; an unknown name is refused with the valid ones. */
export function ruleNamed<Name extends string, F extends (...args: never[]) => unknown>(
  what: string,
  table: Readonly<Record<Name, F>>,
  rule: Rule<Name, F>,
): F {
  if (typeof rule === "function") return rule;
  if (Object.hasOwn(table, rule)) return table[rule];
  throw new RangeError(`${unknownChoice(what, rule, Object.keys(table))}, or give a function`);
}
