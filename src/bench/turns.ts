import {type ChildProcess, spawn} from "node:child_process";
import {createInterface} from "node:readline";
import {shownValue} from "../core/choice";
import {UserError} from "../core/errors";
import type {Precision} from "../core/precision";
import type {ArchitectureName} from "../network/architectures";
import type {Activation} from "../network/operations";

/** What both sides of a comparison compute. */
export interface TurnsJob {
  readonly arch: ArchitectureName;
  readonly activation: Activation;
  readonly batch: number;
  readonly keepFraction: number;
  readonly threads: number;
  /** Steps before the first that is timed. */
  readonly warmUp: number;
}

export interface OwnTurnsJob extends TurnsJob {
  readonly precision: Precision;
  /** Steps of the whole comparison, warm-up included. */
  readonly steps: number;
}

/** One step, from the batch's assembly to the loss, and the assembly's part of it. */
export interface TimedStep {
  readonly stepMs: number;
  readonly assemblyMs: number;
}

/** A program that computes steps when it is asked to, and sleeps between. */
export class TurnTaker {
  private readonly answers: AsyncIterator<string>;
  private readonly failed: Promise<never>;
  private said = "";

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    this.answers = createInterface({input: child.stdout!})[Symbol.asyncIterator]();
    child.stderr!.on("data", text => {
      this.said = (this.said + text).slice(-4000);
    });
    child.stdin!.on("error", () => {});
    this.failed = new Promise((_, reject) => {
      child.on("error", error => reject(new UserError(`${name} does not start: ${error.message}`)));
      child.on("close", () => reject(new UserError(`${name}: ${lastLine(this.said) || "it ended early"}`)));
    });
    this.failed.catch(() => {});
  }

  /** Starts a program that takes a job as its last argument, and waits until it is warm; `about` is what it says then. */
  static async start(
    name: string,
    [program, ...args]: readonly string[],
    job: object,
    signal?: AbortSignal,
  ): Promise<{readonly taker: TurnTaker; readonly about: {readonly version: string}}> {
    const child = spawn(program, [...args, JSON.stringify(job)], {signal});
    const taker = new TurnTaker(name, child);
    try {
      return {taker, about: await taker.answer<{version: string}>()};
    } catch (error) {
      signal?.throwIfAborted();
      taker.end();
      throw error;
    }
  }

  /** The times of so many steps, the first of which, after the others' turns, is not counted. */
  async turn(steps: number): Promise<TimedStep[]> {
    this.child.stdin!.write(`${steps + 1}\n`);
    const times = await this.answer<TimedStep[]>();
    const sound = ({stepMs, assemblyMs}: TimedStep): boolean =>
      Number.isFinite(stepMs) && Number.isFinite(assemblyMs);
    if (!Array.isArray(times) || times.length !== steps + 1 || !times.every(sound)) throw this.foreign(times);
    return times.slice(1);
  }

  end(): void {
    this.child.stdin!.end();
    this.child.kill();
  }

  /** Of what answers, but not as the program that it should run. */
  private foreign(answer: unknown): UserError {
    return new UserError(
      `${this.name} does not answer as its program does, but ${shownValue(answer).slice(0, 80)}`,
    );
  }

  private async answer<T>(): Promise<T> {
    const {value, done} = await Promise.race([this.answers.next(), this.failed]);
    if (done) return this.failed;
    let answer: unknown;
    try {
      answer = JSON.parse(value);
    } catch {
      throw this.foreign(value);
    }
    if (typeof answer !== "object" || answer === null) throw this.foreign(answer);
    return answer as T;
  }
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").replace(/^\w*Error: /, "");
}
