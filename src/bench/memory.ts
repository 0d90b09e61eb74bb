import {existsSync, readFileSync} from "node:fs";

const status = "/proc/self/status";

/**
 * The most memory that the process has held at once, in bytes. From /proc where there is one: `ru_maxrss` of a
 * process on Linux begins at its parent's.
 */
export function peakResidentBytes(): number {
  const kibibytes = existsSync(status) && /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1];
  return 1024 * (kibibytes ? Number(kibibytes) : process.resourceUsage().maxRSS);
}
