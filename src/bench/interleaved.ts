/** Something to time; `prepare`, untimed, before each of its turns. */
export interface Contender {
  readonly run: () => void;
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

/** Shorter calls are seldom interrupted, and too short for the processor's clock. */
const LONG_MS = 3;

/**
 * The shortest call of each contender, in milliseconds. They take turns, so that what else the machine does hits all
 * alike; the shortest of many calls is the one that it hit least. Of calls above 3 ms on one thread the processor
 * time counts where it is less: others' turns on the processor are not ours.
 */
export async function interleaved(
  contenders: readonly Contender[],
  {rounds, turnMs, signal}: InterleavedOptions,
): Promise<number[]> {
  const shortest = contenders.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [i, {run, prepare, threads}] of contenders.entries()) {
      signal?.throwIfAborted();
      await prepare?.();
      run();
      const turnBegan = performance.now();
      do {
        shortest[i] = Math.min(shortest[i], durationOf(run, threads ?? false));
      } while (performance.now() - turnBegan < turnMs);
      await new Promise(setImmediate);
    }
  }
  return shortest;
}

function durationOf(run: () => void, threads: boolean): number {
  const before = process.cpuUsage();
  const began = performance.now();
  run();
  const wall = performance.now() - began;
  if (threads || wall < LONG_MS) return wall;
  const {user, system} = process.cpuUsage(before);
  return Math.min(wall, (user + system) / 1000);
}
