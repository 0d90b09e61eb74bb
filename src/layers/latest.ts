/** What was last made, for as long as the things it was made from are the same objects. */
export class Latest<Value> {
  private held: {readonly madeFrom: readonly unknown[]; readonly value: Value} | undefined;

  /** `letGo` is given every value that another replaces or that is forgotten. */
  constructor(private readonly letGo: (value: Value) => void = () => {}) {}

  /** The value made from these things, recomputed if one of them is another object than last time. */
  of(madeFrom: readonly unknown[], make: () => Value): Value {
    const found = this.peek(() => madeFrom);
    if (found !== undefined) return found;
    const value = make();
    this.forget();
    this.held = {madeFrom, value};
    return value;
  }

  /** The value if it is there and still true; where nothing is held, `madeFrom` is not asked. */
  peek(madeFrom: () => readonly unknown[]): Value | undefined {
    if (this.held === undefined) return undefined;
    const before = this.held.madeFrom;
    const now = madeFrom();
    return now.length === before.length && now.every((thing, i) => thing === before[i])
      ? this.held.value
      : undefined;
  }

  forget(): void {
    if (this.held !== undefined) this.letGo(this.held.value);
    this.held = undefined;
  }
}
