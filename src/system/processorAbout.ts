import {existsSync, readFileSync} from "node:fs";
import {cpus} from "node:os";

/** The processor as it calls itself. */
export function processorName(): string {
  return cpus()[0]?.model ?? "unknown";
}

/** Its line of features, where the system tells them. */
export function processorFlags(): string {
  const file = "/proc/cpuinfo";
  return existsSync(file) ? (/^flags\s*:.*$/m.exec(readFileSync(file, "utf8"))?.[0] ?? "") : "";
}
