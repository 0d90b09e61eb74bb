// The tslab kernel, registered inside .venv and nowhere else, started with scripts/kernel/preload.cjs.
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {paths, root} from "./facts.mjs";

/** kernel.json: the full command, so that nothing depends on PATH. */
export function kernelSpec(node, folder) {
  const preload = join(folder, "scripts", "kernel", "preload.cjs");
  const tslab = join(folder, "node_modules", "tslab", "bin", "tslab");
  return {
    argv: [node, "--require", preload, tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript (multiprize)",
    language: "typescript",
    interrupt_mode: "signal",
  };
}

function write(path, value) {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, text);
}

const specFile = join(paths.kernel, "kernel.json");

export const kernelReady = () =>
  existsSync(specFile) &&
  JSON.stringify(JSON.parse(readFileSync(specFile, "utf8"))) ===
    JSON.stringify(kernelSpec(process.execPath, root));

export function ensureKernel() {
  write(specFile, kernelSpec(process.execPath, root));
  rmSync(join(dirname(paths.kernel), "jslab"), {recursive: true, force: true});
}
