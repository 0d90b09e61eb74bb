/**
 * Runs a task whose signal aborts on Ctrl-C (SIGINT), or when a notebook's kernel is interrupted; SIGTERM too. A
 * second one within the task ends the process the usual way.
 */
export async function untilInterrupted<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => {
    stopListening();
    controller.abort(new Interrupted());
  };
  const stopListening = (): void => {
    process.removeListener("SIGINT", abort);
    process.removeListener("SIGTERM", abort);
  };
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  try {
    return await task(controller.signal);
  } finally {
    stopListening();
  }
}

/** Why an interrupted search ended. */
export class Interrupted extends Error {
  override name = "Interrupted";

  constructor() {
    super("interrupted");
  }
}
