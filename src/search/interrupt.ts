/** What ends a task in a notebook's kernel, or in a program that sets nothing else. */
const usualSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];

/**
 * Runs a task whose signal aborts on Ctrl-C (SIGINT), or when a notebook's kernel is interrupted; SIGTERM too. A
 * second one within the task ends the process the usual way.
 */
export async function untilInterrupted<T>(
  task: (signal: AbortSignal) => Promise<T>,
  signals: readonly NodeJS.Signals[] = usualSignals,
): Promise<T> {
  const controller = new AbortController();
  const abort = (signal: NodeJS.Signals): void => {
    stopListening();
    controller.abort(new Interrupted(signal));
  };
  const stopListening = (): void => {
    for (const signal of signals) process.removeListener(signal, abort);
  };
  for (const signal of signals) process.once(signal, abort);
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
