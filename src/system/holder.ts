import {readFileSync, readlinkSync} from "node:fs";
import {hostname} from "node:os";

/** A process, named so that others can tell whether it still lives: those of its own machine at once. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** The machine's present run and the container's process table: a pid means something only within both. */
  readonly boot: string;
  /** When the process began, in ticks since the machine did: a pid that was given anew has another. */
  readonly began: string;
  /** The start of a Slurm job that it belongs to. */
  readonly slurm?: SlurmStart;
}

/** One start of a job, which Slurm may start again elsewhere. */
export interface SlurmStart {
  readonly cluster: string;
  /** `ARRAY_TASK` for a task of an array. */
  readonly job: string;
  /** 0 at the first start. */
  readonly restart: number;
}

export function thisProcess(): Holder {
  const slurm = slurmStart(process.env);
  const began = statOf(process.pid)?.began ?? "";
  return {pid: process.pid, host: hostname(), boot: bootName(), began, ...(slurm && {slurm})};
}

/** What Slurm's variables say of the job that they were set for; undefined outside one. */
export function slurmStart(env: NodeJS.ProcessEnv): SlurmStart | undefined {
  const {SLURM_JOB_ID, SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID, SLURM_CLUSTER_NAME, SLURM_RESTART_COUNT} =
    env;
  if (SLURM_JOB_ID === undefined) return undefined;
  // The last task of an array has the array's own id as its job's.
  const job =
    SLURM_ARRAY_TASK_ID === undefined ? SLURM_JOB_ID : `${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}`;
  return {cluster: SLURM_CLUSTER_NAME ?? "", job, restart: Number(SLURM_RESTART_COUNT ?? 0)};
}

/** true or false where this machine can tell; undefined of a process elsewhere. */
export function isAlive(holder: Holder): boolean | undefined {
  const here = thisProcess();
  // Many machines may be called localhost.
  if (holder.host !== here.host || holder.host === "localhost" || holder.boot === "") return undefined;
  if (holder.boot !== here.boot) return bootOnly(holder.boot) === bootOnly(here.boot) ? undefined : false;
  const stat = statOf(holder.pid);
  return stat !== undefined && stat.began === holder.began && !"ZXx".includes(stat.state);
}

/** Linux's boot id and process name space; empty where there is none. */
function bootName(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

function bootOnly(name: string): string {
  return name.split(" ")[0];
}

function statOf(pid: number): {state: string; began: string} | undefined {
  try {
    // After the program's name in brackets, which may hold anything: state is field 3, start time field 22.
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {state: fields[0], began: fields[19]};
  } catch {
    return undefined;
  }
}
