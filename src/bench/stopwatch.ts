import {median} from "../core/statistics";
import {type Part, type Parts, partNames} from "./parts";

function none(): Record<Part, number> {
  return Object.fromEntries(partNames.map(part => [part, 0])) as Record<Part, number>;
}

/** Shares out the time of whole steps among their parts. */
export class Stopwatch {
  private readonly steps: Parts[] = [];
  private spent = none();
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
    this.steps.push(this.spent);
    this.spent = none();
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

  /** Each part's median over the steps, scaled to add up to `milliseconds`. */
  partsOf(milliseconds: number): Parts {
    const middle = partNames.map(part => median(this.steps.map(step => step[part])));
    const total = middle.reduce((sum, each) => sum + each, 0);
    return Object.fromEntries(
      partNames.map((part, i) => [part, (middle[i] / total) * milliseconds]),
    ) as Parts;
  }

  private book(part: Part, milliseconds: number): void {
    this.spent[part] += milliseconds;
    this.spent.rest -= milliseconds;
  }
}
