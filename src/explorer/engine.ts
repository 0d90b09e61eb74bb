import {UserError} from "../core/errors";
import type {Name, Question, Questions, Reply} from "./model/messages";

/** The worker, asked by name. */
export class Engine {
  private readonly worker: Worker;
  private readonly waiting = new Map<
    number,
    {settle: (answer: unknown) => void; refuse: (why: Error) => void}
  >();
  private asked = 0;

  /** `source` is the worker's script: a page opened from disk may start a worker from no file. */
  constructor(source: string) {
    const address = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    this.worker = new Worker(address);
    this.worker.onmessage = ({data}: MessageEvent<Reply>) => {
      const {id, answer, refused} = data;
      const waiter = this.waiting.get(id);
      this.waiting.delete(id);
      if (refused !== undefined) waiter?.refuse(new UserError(refused));
      else waiter?.settle(answer);
    };
    this.worker.onerror = ({message}) => {
      for (const {refuse} of this.waiting.values()) refuse(new UserError(`the engine stopped: ${message}`));
      this.waiting.clear();
    };
  }

  /** UserError where the worker refuses. */
  ask<N extends Name>(name: N, asked: Questions[N]["asked"]): Promise<Questions[N]["answer"]> {
    const question: Question<N> = {id: this.asked++, name, asked};
    return new Promise((settle, refuse) => {
      this.waiting.set(question.id, {settle: settle as (answer: unknown) => void, refuse});
      this.worker.postMessage(question);
    });
  }
}

/**
 * Runs one task at a time and, of those that come meanwhile, only the last: what a slider leaves behind on its way is not
 * computed.
 */
export class Latest {
  private running = false;
  private next: (() => Promise<void>) | undefined;

  run(task: () => Promise<void>): void {
    this.next = task;
    if (!this.running) void this.go();
  }

  private async go(): Promise<void> {
    this.running = true;
    try {
      for (let task = this.next; task; task = this.next) {
        this.next = undefined;
        await task();
      }
    } finally {
      this.running = false;
    }
  }
}
