import {type Part, type Parts, partNames} from "./parts";

/** Shares out the time of whole steps among their parts. */
export class Stopwatch {
  private readonly spent: Record<Part, number> = Object.fromEntries(
    partNames.map(part => [part, 0]),
  ) as Record<Part, number>;
  private stepBegan = Number.NaN;
  private computing = false;
  private running = false;

  /** From here to `endStep` is one step. */
  beginStep(): void {
    this.computing = false;
    this.stepBegan = performance.now();
  }

  endStep(): void {
    this.spent.rest += performance.now() - this.stepBegan;
  }

  /** Runs a task and books its time; a task within a task belongs to the outer one. Without a part it is the rest's. */
  time<T>(part: Part | undefined, task: () => T): T {
    const began = performance.now();
    if (!this.computing) this.book("data", began - this.stepBegan);
    this.computing = true;
    if (part === undefined || this.running) return task();
    this.running = true;
    try {
      return task();
    } finally {
      this.running = false;
      this.book(part, performance.now() - began);
    }
  }

  /** What was booked, scaled to add up to `milliseconds`. */
  partsOf(milliseconds: number): Parts {
    const total = partNames.reduce((sum, part) => sum + this.spent[part], 0);
    const scaled = partNames.map(part => [part, (this.spent[part] / total) * milliseconds]);
    return Object.fromEntries(scaled) as Parts;
  }

  private book(part: Part, milliseconds: number): void {
    this.spent[part] += milliseconds;
    this.spent.rest -= milliseconds;
  }
}
