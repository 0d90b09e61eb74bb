import {median} from "../core/statistics";

/** Something to time; `prepare`, untimed, before each of its turns. */
export interface Contender {
  /** One call; it ends when what it returns has. */
  readonly run: () => unknown;
  /** It computes on several threads, so their processor time is no measure. */
  readonly threads?: boolean;
  readonly prepare?: () => Promise<unknown>;
}

export interface InterleavedOptions {
  /** Turns of each contender. */
  readonly rounds: number;
  /** Least milliseconds of a turn; one call at least, after one that is not timed. */
  readonly turnMs: number;
  readonly signal?: AbortSignal;
}

/** What a contender's calls took, in milliseconds. */
export interface Turns {
  readonly shortest: number;
  /** The median call of each turn. */
  readonly medians: readonly number[];
}

/** Shorter calls are seldom interrupted, and too short for the processor's clock. */
const LONG_MS = 3;

/**
 * The calls of each contender. They take turns, so that what else the machine does hits all alike; the shortest of many
 * calls is the one that it hit least. Of calls above 3 ms on one thread the processor time counts where it is less:
 * others' turns on the processor are not ours.
 */
export async function interleaved(
  contenders: readonly Contender[],
  {rounds, turnMs, signal}: InterleavedOptions,
): Promise<Turns[]> {
  const turns = contenders.map(() => ({shortest: Number.POSITIVE_INFINITY, medians: [] as number[]}));
  for (let round = 0; round < rounds; round++) {
    for (const [i, {run, prepare, threads}] of contenders.entries()) {
      signal?.throwIfAborted();
      await prepare?.();
      await run();
      const calls: number[] = [];
      const turnBegan = performance.now();
      do calls.push(await durationOf(run, threads ?? false));
      while (performance.now() - turnBegan < turnMs);
      turns[i].medians.push(median(calls));
      turns[i].shortest = calls.reduce((least, call) => Math.min(least, call), turns[i].shortest);
      await new Promise(setImmediate);
    }
  }
  return turns;
}

async function durationOf(run: () => unknown, threads: boolean): Promise<number> {
  const before = process.cpuUsage();
  const began = performance.now();
  const result = run();
  if (result instanceof Promise) await result;
  const wall = performance.now() - began;
  if (threads || wall < LONG_MS) return wall;
  const {user, system} = process.cpuUsage(before);
  return Math.min(wall, (user + system) / 1000);
}
