import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";

/** A short hash of the processor's feature flags; scripts/setup/processor writes the same beside what it compiles. */
export function processorKey(cpuinfo: string = readFileSync("/proc/cpuinfo", "utf8")): string {
  const flags = (/^flags\s*:\s*(.*)$/m.exec(cpuinfo)?.[1] ?? "").trim().split(/\s+/).sort();
  return createHash("sha256").update(flags.join(" ")).digest("hex").slice(0, 16);
}
