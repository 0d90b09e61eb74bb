import {distance} from "fastest-levenshtein";

const FARTHEST = 3;
const LEAST_ALIKE = 0.4;

/** The choice that a mistyped word is nearest to; undefined where none is near. Upper and lower case are alike. */
export function closest(word: string, choices: readonly string[]): string | undefined {
  const near = choices
    .map(choice => ({choice, apart: slips(word.toLowerCase(), choice.toLowerCase())}))
    .filter(({choice, apart}) => {
      const length = Math.max(word.length, choice.length);
      return apart <= FARTHEST && (length - apart) / length > LEAST_ALIKE;
    });
  return near.sort((a, b) => a.apart - b.apart)[0]?.choice;
}

/** Letters to insert, take out or replace; the same letters in another order are one slip. */
function slips(a: string, b: string): number {
  const letters = (word: string): string => [...word].sort().join("");
  return a !== b && letters(a) === letters(b) ? 1 : distance(a, b);
}

/** ` (did you mean gain?)` behind a word that is none of the choices; empty where none is near. */
export function suggestion(word: unknown, choices: readonly string[]): string {
  const near = typeof word === "string" ? closest(word, choices) : undefined;
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

/** `unknown gain rule "on" (did you mean one?); choose mean-kept, …`: what was wrong with a word, and what is valid. */
export function unknownChoice(what: string, given: unknown, choices: readonly string[]): string {
  return `unknown ${what} ${shownValue(given)}${suggestion(given, choices)}; choose ${choices.join(", ")}`;
}

/** A value in a message: text in quotes, so that "0.2" is not taken for a number. */
export function shownValue(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "string" || (typeof value === "object" && value !== null))
    return JSON.stringify(value);
  return String(value);
}
