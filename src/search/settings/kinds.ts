import {shownValue, unknownChoice} from "../../core/choice";

/** Where a panel's slider begins and ends, and its step; on a logarithmic one all three are powers of ten. */
export interface Slider {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly log?: true;
}

/** What values of a setting look like: how they are told from others, read from text, and offered. */
export interface Kind<T> {
  readonly type: "choice" | "number" | "switch" | "list";
  /** As it ends the sentence "it must be …". */
  readonly valid: string;
  /** The words of a choice. */
  readonly choices?: readonly string[];
  /** Of a number. */
  readonly slider?: Slider;
  accepts(value: unknown): value is T;
  /** A typed text as a value, to be tested by `accepts`. */
  read(text: string): unknown;
  /** What is wrong with a value of the setting of that name, in one line. */
  refusal(name: string, value: unknown): string;
}

const mustBe =
  (valid: string) =>
  (name: string, value: unknown): string =>
    `${name} must be ${valid}, got ${shownValue(value)}`;

/** One of some words; `what` is what they are. */
export function oneOf<T extends string>(what: string, choices: readonly T[]): Kind<T> {
  return {
    type: "choice",
    valid: `one of ${choices.join(", ")}`,
    choices,
    accepts: (value): value is T => (choices as readonly unknown[]).includes(value),
    read: text => text,
    refusal: (_, value) => unknownChoice(what, value, choices),
  };
}

/** A rule: one of some words, or a function of the user's own. */
export function ruleOf<T>(what: string, names: readonly string[]): Kind<T> {
  const words = oneOf(what, names);
  return {
    ...words,
    valid: `${words.valid}, or a function`,
    accepts: (value): value is T => typeof value === "function" || words.accepts(value),
    refusal: (name, value) => `${words.refusal(name, value)}, or give a function`,
  };
}

export function real(valid: string, slider: Slider, isValid: (value: number) => boolean): Kind<number> {
  return {
    type: "number",
    valid,
    slider,
    accepts: (value): value is number =>
      typeof value === "number" && Number.isFinite(value) && isValid(value),
    read: text => (text.trim() === "" ? Number.NaN : Number(text)),
    refusal: mustBe(valid),
  };
}

export function whole(least: number, slider: Slider): Kind<number> {
  return real(
    `a whole number of at least ${least}`,
    slider,
    value => Number.isSafeInteger(value) && value >= least,
  );
}

export const positive = (slider: Slider): Kind<number> =>
  real("a number above 0", slider, value => value > 0);

export const nonNegative = (slider: Slider): Kind<number> =>
  real("a number of at least 0", slider, value => value >= 0);

export const share: Kind<number> = real(
  "a share above 0 and at most 1",
  {from: 0.01, to: 1, step: 0.01},
  value => value > 0 && value <= 1,
);

export const seed: Kind<number> = real(
  "a whole number from 0 to 2³² − 1",
  {from: 0, to: 9, step: 1},
  value => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
);

export const onOff: Kind<boolean> = {
  type: "switch",
  valid: "true or false",
  accepts: (value): value is boolean => typeof value === "boolean",
  read: text => (text === "true" ? true : text === "false" ? false : text),
  refusal: mustBe("true or false"),
};

const risingEpochs = "whole epochs in rising order, such as 30,60,80";

export const epochList: Kind<readonly number[]> = {
  type: "list",
  valid: risingEpochs,
  accepts: (value): value is readonly number[] =>
    Array.isArray(value) && value.every((m, i) => Number.isInteger(m) && m > (value[i - 1] ?? -1)),
  read: text => (text.trim() === "" ? text : text.split(",").map(Number)),
  refusal: mustBe(risingEpochs),
};
