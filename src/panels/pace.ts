/** What a search that waits is told: to take its step, or to look again at what its reader wants. */
export type Word = "step" | "look";

/** Keeps searches in step with one another: none begins its next step before all have done this one; paused, none does. */
export class Pace {
  paused = false;
  private single = false;
  private stopped = false;
  private waiting: ((word: Word) => void)[] = [];

  constructor(private searches: number) {}

  /** A search stands before its next step. */
  turn(): Promise<Word> {
    return new Promise(resolve => {
      this.waiting.push(resolve);
      this.proceed();
    });
  }

  pause(): void {
    this.paused = true;
  }

  go(): void {
    this.paused = false;
    this.proceed();
  }

  /** One step of each, and then a pause. */
  step(): void {
    this.single = true;
    this.paused = true;
    this.proceed();
  }

  /** Whoever waits is to look again. */
  look(): void {
    this.release("look");
  }

  /** Nobody waits any more. */
  stop(): void {
    this.stopped = true;
    this.proceed();
  }

  /** A search has come to its end: the others need not wait for it. */
  leave(): void {
    this.searches--;
    this.proceed();
  }

  private proceed(): void {
    const together = this.waiting.length > 0 && this.waiting.length >= this.searches;
    if (!this.stopped && !(together && (!this.paused || this.single))) return;
    this.single = false;
    this.release("step");
  }

  private release(word: Word): void {
    const released = this.waiting;
    this.waiting = [];
    for (const resolve of released) resolve(word);
  }
}
