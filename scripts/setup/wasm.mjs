// The inference kernels: AssemblyScript to dist/infer/kernels.wasm, when a source changed.
import {createHash} from "node:crypto";
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {paths, root} from "./facts.mjs";
import {Failure, step} from "./log.mjs";
import {run} from "./run.mjs";

const source = join(root, "kernels", "wasm");
const target = join(paths.dist, "infer", "kernels.wasm");
const stamp = join(paths.dist, ".kernels");

function now() {
  const {version} = JSON.parse(readFileSync(join(paths.packages, "assemblyscript", "package.json"), "utf8"));
  const hash = createHash("sha256").update(version);
  for (const name of readdirSync(source).sort())
    hash.update(`\0${name}\0`).update(readFileSync(join(source, name)));
  return hash.digest("hex");
}

export async function ensureWasm() {
  const current = now();
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
  await step("kernels.wasm", "compiling the inference kernels to WebAssembly", async () => {
    rmSync(stamp, {force: true});
    try {
      await run(process.execPath, [join(source, "build.mjs"), target], {cwd: root});
    } catch (error) {
      throw new Failure(`kernels/wasm does not compile: ${error.message}`);
    }
    writeFileSync(stamp, current);
  });
}
