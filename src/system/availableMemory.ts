import {existsSync, readFileSync} from "node:fs";
import {freemem} from "node:os";

/**
 * Bytes that this process may still take: the machine's, or fewer under a control group's limit (a container, Slurm) or
 * a shell's (`ulimit -v`).
 */
export function availableBytes(): number {
  // Node 20.13 and later.
  const {availableMemory} = process as {availableMemory?: () => number};
  return Math.min(availableMemory?.() ?? freemem(), addressesLeft());
}

/** Bytes of address space that are left under its limit, where there is one (Linux). */
function addressesLeft(): number {
  const [limits, status] = ["/proc/self/limits", "/proc/self/status"].map(path =>
    existsSync(path) ? readFileSync(path, "latin1") : "",
  );
  const limit = /^Max address space +(\d+)/m.exec(limits)?.[1];
  const taken = /^VmSize:\s+(\d+) kB/m.exec(status)?.[1];
  return limit && taken ? Math.max(0, Number(limit) - 1024 * Number(taken)) : Number.POSITIVE_INFINITY;
}
