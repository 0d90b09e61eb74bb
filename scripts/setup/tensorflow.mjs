// TensorFlow's C library, out of its wheel: pip fetches the wheel and checks its hash, nothing is installed.
import {existsSync, mkdirSync, readFileSync, rmSync, statfsSync, statSync} from "node:fs";
import {join} from "node:path";
import {inVenv, root, tensorflowName, tensorflowVersion} from "./facts.mjs";
import {Failure, step} from "./log.mjs";
import {begin, finish, removeStale} from "./partial.mjs";
import {pip} from "./pip.mjs";
import {run} from "./run.mjs";

const sizes = {cpu: {download: "261 MiB", disk: 1.2}, cuda: {download: "about 3 GiB", disk: 9}};

// The wheel is named by its tags, so the machine's own Python may be any.
const tags = [
  ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"],
  ["manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"].flatMap(tag => [
    "--platform",
    tag,
  ]),
  ["manylinux_2_12_x86_64", "manylinux2010_x86_64"].flatMap(tag => ["--platform", tag]),
].flat();

// The last header that became needed: a folder unpacked before lacks it.
const newestHeader = "include/tsl/platform/platform.h";

/** Every file listed when it was unpacked is there with its size, and nothing that is needed is missing. */
export function tensorflowWhole(folder) {
  try {
    const contents = JSON.parse(readFileSync(join(folder, "contents.json"), "utf8"));
    if (!Object.keys(contents).some(name => name.endsWith(newestHeader))) return false;
    return Object.entries(contents).every(([name, size]) => statSync(join(folder, name)).size === size);
  } catch {
    return false;
  }
}

function demandSpace(cache, gib) {
  mkdirSync(cache, {recursive: true});
  const {bavail, bsize} = statfsSync(cache);
  const free = (bavail * bsize) / 2 ** 30;
  if (free < gib)
    throw new Failure(
      `${cache} has ${free.toFixed(1)} GiB free, TensorFlow's library needs ${gib}: make room, or set MULTIPRIZE_CACHE`,
    );
}

/** <cache>/tensorflow-<flavour>-<version>/ */
export async function ensureTensorflow(cache, flavour) {
  const folder = join(cache, tensorflowName(flavour));
  if (tensorflowWhole(folder)) return;
  removeStale(cache);
  const {download, disk} = sizes[flavour];
  demandSpace(cache, disk);
  const partial = begin(cache, "tensorflow");
  const wheels = join(partial, "wheels");
  const title = `TensorFlow ${tensorflowVersion}${flavour === "cuda" ? " with CUDA" : ""}`;
  await step(
    title,
    `its C library computes; download ${download}, once for all clones`,
    () => fetch(flavour, wheels),
    {
      ownProgress: true,
    },
  );
  await step("unpacking", `the library and its C headers into ${folder}`, async () => {
    await run(inVenv("python"), [join(root, "scripts", "native", "unpack.py"), wheels, partial, flavour]);
    rmSync(wheels, {recursive: true});
    finish(partial, folder, tensorflowWhole);
  });
}

async function fetch(flavour, wheels) {
  const requirements = join(root, "scripts", "native", `tensorflow-${flavour}.txt`);
  if (!existsSync(requirements))
    throw new Failure(`${requirements} is missing: restore it from the repository`);
  const common = [
    "--no-cache-dir",
    "--no-deps",
    "--only-binary",
    ":all:",
    "--require-hashes",
    "--dest",
    wheels,
  ];
  try {
    await pip(["download", ...common, ...tags, "--requirement", requirements], {
      inherit: process.stdout.isTTY,
    });
  } catch (error) {
    throw new Failure(
      `TensorFlow's wheel did not arrive. Check the network, then run the same command again; MULTIPRIZE_BACKEND=wasm goes without it.\n${error.message}`,
    );
  }
}
