import {freemem} from "node:os";

/** Bytes that this process may still take: the machine's, or fewer under a control group's limit (a container, Slurm). */
export function availableBytes(): number {
  // Node 20.13 and later.
  const {availableMemory} = process as {availableMemory?: () => number};
  return availableMemory?.() ?? freemem();
}
