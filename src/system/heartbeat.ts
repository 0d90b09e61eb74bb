import {join} from "node:path";
import type {Worker} from "node:worker_threads";
import {beat} from "./lockFile";
import {workerThread} from "./workerThread";

/** What the thread is told: the lock files to keep fresh, each with its token, and how often. */
export interface Beats {
  readonly held: readonly (readonly [path: string, token: string])[];
  readonly milliseconds: number;
}

/**
 * Keeps lock files fresh from a thread of its own, which a long step of the search does not delay. The thread starts
 * with the first lock that is held over a turn of the event loop, and keeps no program from ending.
 */
export class Heartbeat {
  private readonly held = new Map<string, string>();
  private thread: Worker | undefined;
  private telling: NodeJS.Immediate | undefined;

  constructor(private readonly seconds: number) {}

  /** Beats for the lock file of that token until it is released, or is another's. */
  hold(path: string, token: string): void {
    this.held.set(path, token);
    this.tell();
  }

  release(path: string, token: string): void {
    if (this.held.get(path) !== token) return;
    this.held.delete(path);
    this.tell();
  }

  /** In the next turn: most locks are of a moment, and released by then. */
  private tell(): void {
    this.telling ??= setImmediate(() => {
      this.telling = undefined;
      if (this.thread === undefined && this.held.size === 0) return;
      this.thread ??= this.start();
      this.thread.postMessage({held: [...this.held], milliseconds: 1000 * this.seconds} satisfies Beats);
    });
  }

  private start(): Worker {
    const thread = workerThread(join(__dirname, "heartbeatThread"));
    thread.unref();
    thread.once("error", ({message}) => {
      process.emitWarning(`locks are kept fresh between steps alone, for want of a thread: ${message}`);
      const every = setInterval(() => {
        for (const [path, token] of this.held) beat(path, token);
      }, 1000 * this.seconds);
      every.unref();
    });
    return thread;
  }
}
