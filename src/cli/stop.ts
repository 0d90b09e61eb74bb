import {constants} from "node:os";
import {Interrupted, untilInterrupted} from "../search/interrupt";
import {printAside} from "./print";

/**
 * What asks a program to end: Ctrl-C, `kill`, a terminal that is closed, batch systems before their time is up (Slurm's
 * --signal, submitit: USR1, USR2). Of a reader that has gone `watchOutput` hears.
 */
const endingSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];

const BAD_INPUT = 2;
const output = new AbortController();
let tasks = 0;
let ended = false;
let watching = false;

/** Runs a task that any signal to end aborts, and the loss of the program's output too. */
export async function untilStopped<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  tasks++;
  try {
    return await untilInterrupted(signal => task(AbortSignal.any([signal, output.signal])), endingSignals);
  } catch (error) {
    if (error instanceof Interrupted) ended = true;
    throw error;
  } finally {
    tasks--;
  }
}

/**
 * Ends the program with its output: a task under way is aborted, and saves; between tasks the program ends at once. Once
 * everything was said (`allSaid`), a reader that has seen enough (`| head`) changes nothing.
 */
export function watchOutput(): void {
  if (watching) return;
  watching = true;
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    loseOutput(error.code === "EPIPE" ? new Interrupted("SIGPIPE") : new OutputLost(error)),
  );
  let notesLost = false;
  // Notes and progress: nobody's loss.
  process.stderr.on("error", () => {
    notesLost = true;
  });
  // Node ignores this signal until somebody has listened for it and left: then it kills. So a listener stays. A write to
  // a reader that has gone brings the error of its stream first, and this signal in a later turn: where no stream has
  // had one, somebody sent it.
  process.on("SIGPIPE", () => {
    if (!notesLost) loseOutput(new Interrupted("SIGPIPE"));
  });
}

/** The program has said all; its status stands, whether somebody reads on or not. */
export function allSaid(): void {
  ended = true;
}

function loseOutput(reason: Interrupted): void {
  if (output.signal.aborted) return;
  output.abort(reason);
  if (reason instanceof OutputLost) printAside(`multiprize: ${reason.message}\n`);
  // A task that is too far on to be stopped ends well, but what it had to say is lost.
  if (tasks > 0) process.exitCode = stopStatus(reason);
  // In a turn of its own: a command that only lists things has ended by then.
  setImmediate(() => {
    if (tasks === 0 && !ended) process.exit(stopStatus(reason));
    if (reason instanceof OutputLost) process.exitCode = BAD_INPUT;
  });
}

/** A full disk, a terminal that is gone. */
class OutputLost extends Interrupted {
  constructor({message}: Error) {
    super();
    this.message = `cannot write the output: ${message}`;
  }
}

/** The exit status of a program that was stopped: 128 + the signal's number, as the shell tells it. */
export function stopStatus(error: Interrupted): number {
  return error instanceof OutputLost ? BAD_INPUT : 128 + constants.signals[error.signal];
}
