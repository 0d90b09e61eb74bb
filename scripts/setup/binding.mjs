// tfjs-node-gpu's own C++ binding and the project's kernels, compiled against TensorFlow's library:
// <cache>/binding-<key>/.
// The key is a hash of all it is made from, so `npm ci` or a new clone find it again, and a change rebuilds it.
import {createHash} from "node:crypto";
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {libraryFolder, paths, root, tensorflowName, tensorflowVersion} from "./facts.mjs";
import {Failure, step} from "./log.mjs";
import {begin, finish, removeStale} from "./partial.mjs";
import {processorKey} from "./processor.mjs";
import {run} from "./run.mjs";

const flags = ["-std=c++17", "-O2", "-fPIC", "-DNAPI_VERSION=8"];
// No contraction: a fused multiply-add would round otherwise than the compositions the kernels are held against.
const kernelFlags = [
  "-std=c++17",
  "-O3",
  "-march=native",
  "-fno-math-errno",
  "-ffp-contract=off",
  "-fPIC",
  "-pthread",
  "-DNAPI_VERSION=8",
];
const kernelFolder = join(root, "kernels", "cpu");
const muteSource = join(root, "scripts", "native", "mute.c");

/** sha256 over named texts, in any order. */
export function bindingKey(inputs) {
  const hash = createHash("sha256");
  for (const name of Object.keys(inputs).sort())
    hash.update(`${name}\0${inputs[name].length}\0${inputs[name]}\0`);
  return hash.digest("hex").slice(0, 16);
}

const sourcesIn = folder =>
  Object.fromEntries(
    readdirSync(folder)
      .filter(name => /\.(cc|h)$/.test(name))
      .map(name => [name, readFileSync(join(folder, name), "utf8")]),
  );

function inputs(flavour, compiler) {
  return {
    ...sourcesIn(join(paths.tfjs, "binding")),
    ...sourcesIn(kernelFolder),
    processor: processorKey(),
    kernelFlags: kernelFlags.join(" "),
    "mute.c": readFileSync(muteSource, "utf8"),
    headers: JSON.parse(readFileSync(join(paths.headers, "package.json"), "utf8")).version,
    tensorflow: tensorflowVersion,
    flavour,
    compiler: [...compiler.words.slice(1), compiler.version].join(" "),
    flags: flags.join(" "),
  };
}

const libraries = ["tfjs_binding.node", "kernels.node", "mute.node"];

const sha256 = path => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Every library has the bytes that were built; what was built before digests were kept must be whole by its own table. */
export function bindingWhole(folder) {
  try {
    const {digests} = JSON.parse(readFileSync(join(folder, "native.json"), "utf8"));
    return libraries.every(name => {
      const path = join(folder, name);
      return digests ? sha256(path) === digests[name] : elfWhole(readFileSync(path));
    });
  } catch {
    return false;
  }
}

/** A 64-bit ELF library that reaches to the end of its section headers, which linkers put last. */
export function elfWhole(bytes) {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return false;
  const [start, size, count] = [
    bytes.readBigUInt64LE(0x28),
    bytes.readUInt16LE(0x3a),
    bytes.readUInt16LE(0x3c),
  ];
  return BigInt(bytes.length) >= start + BigInt(size * count);
}

/** Build it if need be; returns its folder. */
export async function ensureBinding(cache, flavour, compiler) {
  const key = bindingKey(inputs(flavour, compiler));
  const folder = join(cache, `binding-${key}`);
  if (bindingWhole(folder)) return folder;
  removeStale(cache);
  const partial = begin(cache, "binding");
  await step(
    "binding",
    `compiling TensorFlow.js's C++ binding and our kernels with ${compiler.version}`,
    async () => {
      await compile(compiler.words, partial, flavour);
      await tryOut(partial);
      const processor = processorKey();
      const about = {
        tensorflow: tensorflowVersion,
        flavour,
        key,
        processor,
        testedOnHardware: flavour === "cpu",
        digests: Object.fromEntries(libraries.map(name => [name, sha256(join(partial, name))])),
      };
      writeFileSync(join(partial, "native.json"), `${JSON.stringify(about)}\n`);
      finish(partial, folder, bindingWhole);
    },
  );
  return folder;
}

async function compile([cxx, ...first], folder, flavour) {
  const library = join(tensorflowName(flavour), libraryFolder(flavour));
  const tensorflow = join(dirname(folder), library);
  const include = [paths.tfjs, join(tensorflow, "include"), join(paths.headers, "include")].map(
    path => `-I${path}`,
  );
  const objects = join(folder, "objects");
  const object = name => join(objects, `${name}.o`);
  mkdirSync(objects);
  const units = ["tfjs_backend", "tfjs_binding"];
  const kernels = Object.keys(sourcesIn(kernelFolder))
    .filter(name => name.endsWith(".cc"))
    .map(name => basename(name, ".cc"));
  await Promise.all([
    ...kernels.map(name =>
      run(cxx, [
        ...first,
        ...kernelFlags,
        ...include,
        "-c",
        join(kernelFolder, `${name}.cc`),
        "-o",
        object(`kernel-${name}`),
      ]),
    ),
    ...units.map(name =>
      run(cxx, [
        ...first,
        ...flags,
        ...include,
        "-c",
        join(paths.tfjs, "binding", `${name}.cc`),
        "-o",
        object(name),
      ]),
    ),
    run(cxx, [
      ...first,
      "-O2",
      "-fPIC",
      "-shared",
      ...include,
      "-x",
      "c",
      muteSource,
      "-o",
      join(folder, "mute.node"),
    ]),
  ]);
  const tensorflowLibraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map(name =>
    join(tensorflow, name),
  );
  const rpath = `-Wl,-rpath,$ORIGIN/../${library}`;
  const link = (output, names) =>
    run(cxx, [
      ...first,
      "-shared",
      "-pthread",
      ...names.map(object),
      ...tensorflowLibraries,
      rpath,
      "-o",
      join(folder, output),
    ]);
  await link("tfjs_binding.node", units);
  await link(
    "kernels.node",
    kernels.map(name => `kernel-${name}`),
  );
  rmSync(objects, {recursive: true});
}

/** Load both in a process of its own: a library that crashes must not take the set-up along. */
export async function tryOut(folder) {
  const program =
    "const [binding, kernels] = process.argv.slice(1); console.log(require(binding).TF_Version); require(kernels)";
  const files = ["tfjs_binding.node", "kernels.node"].map(name => join(folder, name));
  try {
    return (await run(process.execPath, ["-e", program, ...files])).trim().split("\n").at(-1);
  } catch (error) {
    throw new Failure(
      `the binding does not load here; MULTIPRIZE_BACKEND=wasm goes without it.\n${error.message}`,
    );
  }
}
