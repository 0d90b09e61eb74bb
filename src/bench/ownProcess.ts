import {execFile} from "node:child_process";
import {extname, join} from "node:path";
import {promisify} from "node:util";
import {UserError} from "../core/errors";
import type {Job, Measurement} from "./measure";

// The compiled file, or its source when that is what runs. Nothing of this process's own command line is repeated:
// with `node -e` that would run the caller's script again.
const extension = extname(__filename);
const program: readonly string[] = [
  ...(extension === ".ts" ? ["--import", "tsx"] : []),
  join(__dirname, `measureProcess${extension}`),
];

/** `measure` in a process of its own, so that its peak memory is this job's alone. */
export async function measureInOwnProcess(job: Job, signal?: AbortSignal): Promise<Measurement> {
  const args = [...program, JSON.stringify(job)];
  try {
    const {stdout} = await promisify(execFile)(process.execPath, args, {signal});
    return JSON.parse(stdout) as Measurement;
  } catch (error) {
    signal?.throwIfAborted();
    const {stderr, message} = error as {stderr?: string; message: string};
    const lines = (stderr?.trim() || message).split("\n");
    const reason = lines.find(line => line.includes("Error: ")) ?? lines.at(-1) ?? message;
    throw new UserError(
      `${job.arch} (${job.activation}, ${job.precision}): ${reason.replace(/^\w*Error: /, "")}`,
    );
  }
}
