import {execFile} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, extname, join} from "node:path";
import {promisify} from "node:util";
import {UserError} from "../core/errors";
import {median} from "../core/statistics";
import {readTicket} from "../ticket/file";
import {denseModel} from "./denseModel";
import type {FirstCall, FirstCallJob} from "./firstCall";
import type {InterleavedOptions} from "./interleaved";
import {onnxRuntime} from "./onnxRuntime";
import {floatOf} from "./timedNetworks";

/** A ticket's first prediction beside that of its dense float32 twin in ONNX Runtime: medians, and each total's range. */
export interface FirstCallRow {
  /** The ticket's file. */
  readonly name: string;
  readonly ticket: FirstCallTimes;
  /** Where ONNX Runtime's own library is installed. */
  readonly float32?: FirstCallTimes;
}

/** Medians of the parts and of their total, in milliseconds. */
export interface FirstCallTimes extends FirstCall {
  readonly totalMs: number;
  /** [least, greatest] */
  readonly spread: readonly [number, number];
}

/** Enough for a median and a spread. */
const MOST_ROUNDS = 3;

/** First predictions of tickets, one image, every one in a process of its own, the two engines in turn. */
export async function benchFirstCalls(
  files: readonly string[],
  {rounds, signal}: InterleavedOptions,
): Promise<FirstCallRow[]> {
  if (files.length === 0) return [];
  const isThere = (await onnxRuntime("onnxruntime-node")) !== undefined;
  const folder = mkdtempSync(join(tmpdir(), "multiprize-bench-"));
  try {
    const rows: FirstCallRow[] = [];
    for (const file of files) {
      const {network, image} = readTicket(file);
      const model = join(folder, `${basename(file)}.onnx`);
      const jobs: FirstCallJob[] = [{engine: "wasm", file, image}];
      if (isThere) {
        writeFileSync(model, denseModel(floatOf(network, image)));
        jobs.push({engine: "onnxruntime-node", file: model, image});
      }
      const calls: FirstCall[][] = jobs.map(() => []);
      for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
        for (const [i, job] of jobs.entries()) calls[i].push(await inOwnProcess(job, signal));
      }
      const [ticket, float32] = calls.map(timesOf);
      rows.push({name: basename(file), ticket, ...(float32 ? {float32} : {})});
    }
    return rows;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

const extension = extname(__filename);
const program: readonly string[] = [
  ...(extension === ".ts" ? ["--import", "tsx"] : []),
  join(__dirname, `firstCallProcess${extension}`),
];

async function inOwnProcess(job: FirstCallJob, signal: AbortSignal | undefined): Promise<FirstCall> {
  try {
    const {stdout} = await promisify(execFile)(process.execPath, [...program, JSON.stringify(job)], {signal});
    return JSON.parse(stdout) as FirstCall;
  } catch (error) {
    signal?.throwIfAborted();
    const {stderr, message} = error as {stderr?: string; message: string};
    throw new UserError(
      `the first call of ${basename(job.file)}: ${(stderr?.trim() || message).split("\n")[0]}`,
    );
  }
}

function timesOf(calls: readonly FirstCall[]): FirstCallTimes {
  const totals = calls.map(({load, read, compile, predict}) => load + read + compile + predict);
  const of = (part: keyof FirstCall): number => median(calls.map(call => call[part]));
  return {
    load: of("load"),
    read: of("read"),
    compile: of("compile"),
    predict: of("predict"),
    totalMs: median(totals),
    spread: [Math.min(...totals), Math.max(...totals)],
  };
}
