/** Returns the number, or throws a RangeError that names it, what is valid and what was given. */
export function checkNumber(
  name: string,
  value: unknown,
  valid: string,
  isValid: (value: number) => boolean,
): number {
  if (typeof value === "number" && Number.isFinite(value) && isValid(value)) return value;
  throw new RangeError(`${name} must be ${valid}, got ${String(value)}`);
}

/** A finite number, 0 or more. */
export function checkNonNegative(name: string, value: unknown): number {
  return checkNumber(name, value, "a number >= 0", v => v >= 0);
}

/** A number in [0, 1): a decay rate, never 1 (which would forget nothing, ever). */
export function checkDecayRate(name: string, value: unknown): number {
  return checkNumber(name, value, "in [0, 1)", v => v >= 0 && v < 1);
}

/** A whole number of at least `least`. */
export function checkCount(name: string, value: unknown, least: number): number {
  return checkNumber(name, value, `a whole number >= ${least}`, v => Number.isInteger(v) && v >= least);
}
