// Which processor the kernels are compiled for: its features, since -march=native uses them all.
import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";

/** A short hash of the processor's feature flags; src/system/processor computes the same when it loads the kernels. */
export function processorKey(cpuinfo = readFileSync("/proc/cpuinfo", "utf8")) {
  const flags = /^flags\s*:\s*(.*)$/m.exec(cpuinfo)?.[1].trim().split(/\s+/).sort() ?? [];
  return createHash("sha256").update(flags.join(" ")).digest("hex").slice(0, 16);
}
