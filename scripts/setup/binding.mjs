// tfjs-node-gpu's own C++ binding, compiled against TensorFlow's library: <cache>/binding-<key>/.
// The key is a hash of all it is made from, so `npm ci` or a new clone find it again, and a change rebuilds it.
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {libraryFolder, paths, root, tensorflowName, tensorflowVersion} from "./facts.mjs";
import {Failure, step} from "./log.mjs";
import {begin, finish, removeStale} from "./partial.mjs";
import {run} from "./run.mjs";

const flags = ["-std=c++17", "-O2", "-fPIC", "-DNAPI_VERSION=8"];
const muteSource = join(root, "scripts", "native", "mute.c");

/** sha256 over named texts, in any order. */
export function bindingKey(inputs) {
  const hash = createHash("sha256");
  for (const name of Object.keys(inputs).sort())
    hash.update(`${name}\0${inputs[name].length}\0${inputs[name]}\0`);
  return hash.digest("hex").slice(0, 16);
}

function inputs(flavour, compiler) {
  const sources = readdirSync(join(paths.tfjs, "binding")).filter(name => /\.(cc|h)$/.test(name));
  return {
    ...Object.fromEntries(
      sources.map(name => [name, readFileSync(join(paths.tfjs, "binding", name), "utf8")]),
    ),
    "mute.c": readFileSync(muteSource, "utf8"),
    headers: JSON.parse(readFileSync(join(paths.headers, "package.json"), "utf8")).version,
    tensorflow: tensorflowVersion,
    flavour,
    compiler: compiler.version,
    flags: flags.join(" "),
  };
}

export const bindingWhole = folder =>
  ["tfjs_binding.node", "mute.node", "native.json"].every(name => existsSync(join(folder, name)));

/** Build it if need be; returns its folder. */
export async function ensureBinding(cache, flavour, compiler) {
  const key = bindingKey(inputs(flavour, compiler));
  const folder = join(cache, `binding-${key}`);
  if (bindingWhole(folder)) return folder;
  removeStale(cache);
  const partial = begin(cache, "binding");
  await step("binding", `compiling TensorFlow.js's C++ binding with ${compiler.version}`, async () => {
    await compile(compiler.command, partial, flavour);
    await tryOut(join(partial, "tfjs_binding.node"));
    const about = {tensorflow: tensorflowVersion, flavour, key, testedOnHardware: flavour === "cpu"};
    writeFileSync(join(partial, "native.json"), `${JSON.stringify(about)}\n`);
    finish(partial, folder, bindingWhole);
  });
  return folder;
}

async function compile(cxx, folder, flavour) {
  const library = join(tensorflowName(flavour), libraryFolder(flavour));
  const tensorflow = join(dirname(folder), library);
  const include = [paths.tfjs, join(tensorflow, "include"), join(paths.headers, "include")].map(
    path => `-I${path}`,
  );
  const objects = join(folder, "objects");
  const object = name => join(objects, `${name}.o`);
  mkdirSync(objects);
  const units = ["tfjs_backend", "tfjs_binding"];
  await Promise.all([
    ...units.map(name =>
      run(cxx, [...flags, ...include, "-c", join(paths.tfjs, "binding", `${name}.cc`), "-o", object(name)]),
    ),
    run(cxx, ["-O2", "-fPIC", "-shared", ...include, "-x", "c", muteSource, "-o", join(folder, "mute.node")]),
  ]);
  const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map(name =>
    join(tensorflow, name),
  );
  const rpath = `-Wl,-rpath,$ORIGIN/../${library}`;
  await run(cxx, [
    "-shared",
    ...units.map(object),
    ...libraries,
    rpath,
    "-o",
    join(folder, "tfjs_binding.node"),
  ]);
  rmSync(objects, {recursive: true});
}

/** Load it in a process of its own: a library that crashes must not take the set-up along. */
export async function tryOut(binding) {
  const program = "console.log(require(process.argv[1]).TF_Version)";
  try {
    return (await run(process.execPath, ["-e", program, binding])).trim().split("\n").at(-1);
  } catch (error) {
    throw new Failure(
      `the binding does not load here; MULTIPRIZE_BACKEND=wasm goes without it.\n${error.message}`,
    );
  }
}
