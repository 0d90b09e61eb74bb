/** What ends a task in a notebook's kernel, or in a program that sets nothing else. */
const usualSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];

/** Within it a signal is the same again: batch systems send it to every process, and a shell or npm passes it on. */
const SAME_MILLISECONDS = 1000;

/**
 * Runs a task whose signal aborts on Ctrl-C (SIGINT), or when a notebook's kernel is interrupted; SIGTERM too. A
 * second one within the task, more than a second later, ends the process the usual way.
 */
export async function untilInterrupted<T>(
  task: (signal: AbortSignal) => Promise<T>,
  signals: readonly NodeJS.Signals[] = usualSignals,
): Promise<T> {
  const controller = new AbortController();
  let first: number | undefined;
  const abort = (signal: NodeJS.Signals): void => {
    if (first !== undefined) {
      if (performance.now() - first < SAME_MILLISECONDS) return;
      stopListening();
      process.kill(process.pid, signal);
      return;
    }
    first = performance.now();
    controller.abort(new Interrupted(signal));
  };
  const stopListening = (): void => {
    for (const signal of signals) process.removeListener(signal, abort);
  };
  for (const signal of signals) process.on(signal, abort);
  try {
    return await task(controller.signal);
  } finally {
    stopListening();
  }
}

/** Why an interrupted search ended. */
export class Interrupted extends Error {
  override name = "Interrupted";

  constructor(readonly signal: NodeJS.Signals = "SIGINT") {
    super("interrupted");
  }
}
