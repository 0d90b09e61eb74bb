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
}

export function thisProcess(): Holder {
  return {pid: process.pid, host: hostname(), boot: bootName(), began: statOf(process.pid)?.began ?? ""};
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
