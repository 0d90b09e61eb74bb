// src/ to dist/ by tsc, when something changed.
import {createHash} from "node:crypto";
import {existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {join, relative} from "node:path";
import {bundleForBrowsers} from "./browser.mjs";
import {paths, root} from "./facts.mjs";
import {Failure, step} from "./log.mjs";
import {run} from "./run.mjs";
import {webgpuInstalled} from "./webgpu.mjs";

const stamp = join(paths.dist, ".stamp");
const info = join(paths.dist, ".tsbuildinfo");

const filesBelow = folder =>
  readdirSync(folder, {withFileTypes: true}).flatMap(entry =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );

/** Changes when a source file comes, goes or is written, and when the compiler changes. */
export function sourceStamp(files, compiler, stat = statSync) {
  const hash = createHash("sha256").update(compiler);
  for (const file of [...files].sort()) {
    const {mtimeMs, size} = stat(file);
    hash.update(`\0${file}\0${mtimeMs}\0${size}`);
  }
  return hash.digest("hex");
}

function now() {
  const {version} = JSON.parse(readFileSync(join(paths.packages, "typescript", "package.json"), "utf8"));
  // The page's worker has WebGPU in it once its packages are there.
  const compiler = webgpuInstalled(root) ? `${version} with WebGPU` : version;
  return sourceStamp([...filesBelow(paths.src), join(root, "tsconfig.json")], compiler);
}

export const distReady = () => existsSync(stamp) && readFileSync(stamp, "utf8") === now();

/** Outputs whose source is gone. */
export function orphans(outputs, sources) {
  const stems = new Set(sources.map(name => name.replace(/\.tsx?$/, "")));
  return outputs.filter(name => {
    const stem = name.replace(/(\.d\.ts|\.js|\.js\.map)$/, "");
    return stem !== name && !stems.has(stem) && stem !== "plotly.min";
  });
}

export async function ensureDist() {
  if (distReady()) return;
  const before = now();
  await step("dist", "compiling src/", async () => {
    // Without a stamp the last run did not end well: no trust in what it left.
    if (!existsSync(stamp)) rmSync(info, {force: true});
    rmSync(stamp, {force: true});
    const tsc = join(paths.packages, "typescript", "bin", "tsc");
    try {
      await run(
        process.execPath,
        [tsc, "-p", root, "--incremental", "--tsBuildInfoFile", info, "--noEmitOnError"],
        {cwd: root},
      );
    } catch (error) {
      throw new Failure(`src/ does not compile: ${error.message}`);
    }
    await bundleForBrowsers();
    const names = folder => filesBelow(folder).map(file => relative(folder, file));
    for (const name of orphans(names(paths.dist), names(paths.src))) rmSync(join(paths.dist, name));
    writeFileSync(stamp, before);
  });
}
