import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, sep} from "node:path";
import {UserError} from "../core/errors";
import {counted} from "../report/numbers";
import {makeFolder} from "../system/folder";
import {readRegularFile} from "../system/regularFile";
import {writeWholeFile} from "../system/wholeFile";
import {type SlurmArray, slurmScript} from "./script";

/** Folders that every node has of its own. */
const ofOneNode = [tmpdir(), "/tmp", "/var/tmp", "/dev/shm"];

/** What is kept of a submission. */
interface Submission {
  readonly job: string;
  readonly tasks: number;
  readonly submitted: string;
}

/** Where an array's files lie, in a folder of its own. */
export function arrayFiles(folder: string): Pick<SlurmArray, "script" | "cells" | "logs"> {
  const within = (name: string): string => join(folder, name);
  return {script: within("submit.sbatch"), cells: within("cells.txt"), logs: within("logs")};
}

/** Refuses folders that other nodes cannot see. */
export function checkShared(paths: Readonly<Record<string, string>>): void {
  for (const [what, path] of Object.entries(paths)) {
    const own = ofOneNode.find(each => path === each || path.startsWith(each + sep));
    if (own !== undefined)
      throw new UserError(
        `${what} would lie in ${path}, and each node has a ${own} of its own: choose a folder that all nodes share`,
      );
  }
}

/** Refuses a folder whose last submission still waits or runs. */
export function checkEnded(folder: string): void {
  const path = join(folder, "job.json");
  if (!existsSync(path)) return;
  const {job} = JSON.parse(readRegularFile(path).toString("utf8")) as Submission;
  const {status, stdout} = spawnSync("squeue", ["--noheader", "--jobs", job], {encoding: "utf8"});
  if (status === 0 && stdout.trim() !== "")
    throw new UserError(
      `job ${job} of ${folder} still waits or runs: let it end, stop it (scancel ${job}), or choose another --slurm-out`,
    );
}

/** Writes the script and the list of cells, a line a task. */
export function writeArray(array: SlurmArray, only: readonly string[]): void {
  makeFolder(array.logs);
  writeWholeFile(array.cells, only.map(line => `${line}\n`).join(""));
  writeWholeFile(array.script, slurmScript(array));
}

/** Submits a written array and gives the job's id. UserError where Slurm is not there, or refuses. */
export function submitArray(array: SlurmArray, folder: string): string {
  checkSize(array.tasks);
  const {status, stdout, stderr, error} = spawnSync("sbatch", ["--parsable", array.script], {
    encoding: "utf8",
  });
  if (error)
    throw new UserError(
      `cannot call sbatch (${error.message}): submit ${array.script} where Slurm is, or run parts of it by bash`,
    );
  if (status !== 0) throw new UserError(`sbatch refuses: ${stderr.trim().split("\n").at(-1)}`);
  const job = stdout.trim().split(";")[0];
  const submission: Submission = {job, tasks: array.tasks, submitted: new Date().toISOString()};
  writeWholeFile(join(folder, "job.json"), `${JSON.stringify(submission, null, 2)}\n`);
  return job;
}

/** Slurm takes arrays with indices below MaxArraySize. */
function checkSize(tasks: number): void {
  const {stdout} = spawnSync("scontrol", ["show", "config"], {encoding: "utf8"});
  const [, size] = /^MaxArraySize\s*=\s*(\d+)$/m.exec(stdout ?? "") ?? [];
  const most = Number(size) - 1;
  if (size === undefined || tasks <= most) return;
  throw new UserError(
    `${counted(tasks, "task")} are more than this Slurm takes at once (${most}): give --cells-per-task ${Math.ceil(tasks / most)}, or more`,
  );
}
