// npm run package: the tarball that npm publishes, from this clone. A clone installs all parts; a package's user only
// what reading a ticket takes, and names the rest when it is wanted. So the package has a manifest of its own.
import {spawnSync} from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve, sep} from "node:path";
import {paths, root} from "./setup/facts.mjs";

/** Small, and needed by most commands; reading and predicting needs none of them. */
const kept = [
  "@bufbuild/protobuf",
  "ajv",
  "cli-progress",
  "commander",
  "fastest-levenshtein",
  "onnx-buf",
  "picocolors",
  "tar",
  "undici",
  "yauzl",
  "yazl",
];
/** Of those, what reading a ticket takes: it travels in the tarball, so that nothing else must be there. */
const bundled = ["fastest-levenshtein"];
/** Of a clone alone: the package itself, what builds it, and what only set-up can install. */
const ofClones = ["multiprize", "assemblyscript", "@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"];

export function manifest() {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const {name, version, description, license, main, types, exports, typesVersions, bin, engines} = own;
  const peers = Object.entries(own.dependencies).filter(
    ([each]) => !kept.includes(each) && !ofClones.includes(each),
  );
  return {
    ...{name, version, description, license, main, types, exports, typesVersions, bin, engines},
    type: "commonjs",
    // Layers and kernels register themselves when they are loaded.
    sideEffects: true,
    keywords: ["lottery ticket", "binary neural network", "pruning", "quantization", "onnx", "webassembly"],
    dependencies: Object.fromEntries(kept.map(each => [each, own.dependencies[each]])),
    bundleDependencies: bundled,
    peerDependencies: Object.fromEntries(
      peers.map(([each, range]) => [each, range.startsWith("npm:") ? range : `^${range}`]),
    ),
    peerDependenciesMeta: Object.fromEntries(peers.map(([each]) => [each, {optional: true}])),
  };
}

/** Rooms of dist that no door of the package leads to: the site's explorer, and the search that its page starts. */
const ofPages = ["explorer", "page"];

/** The files of dist whose source is there, as a build of long ago may have left others. */
function compiled() {
  return readdirSync(paths.dist, {recursive: true, encoding: "utf8"}).filter(file => {
    if (ofPages.includes(file.split(sep)[0])) return false;
    const source = /^(.*?)\.(?:d\.ts|js)$/.exec(file);
    if (source) return existsSync(join(root, "src", `${source[1]}.ts`));
    return /\.(mjs|wasm)$/.test(file);
  });
}

/** The files of the package: where each lies in the clone, by its place in the package. */
function files() {
  const same = [
    ...compiled().map(file => join("dist", file)),
    ...["bin/multiprize.js", "bin/doctor.js", "bin/packageReport.js", "LICENSE", "CITATION.cff"],
    ...["docs/ticket-file.md", "data/published.json"],
    ...["digits-relu-k0.2.mpt", "digits-sign-k0.2.mpt"].map(file => `data/tickets/${file}`),
  ].filter(file => existsSync(join(root, file)) && statSync(join(root, file)).isFile());
  return Object.fromEntries([...same.map(file => [file, file]), ["README.md", "docs/registry.md"]]);
}

/** Writes the tarball into a folder and gives its path. */
export function pack(folder) {
  if (!existsSync(join(paths.dist, "infer", "browser.mjs")))
    throw new Error("run `npm run setup` first: dist is not built");
  const stage = mkdtempSync(join(tmpdir(), "multiprize-package-"));
  try {
    for (const [to, from] of Object.entries(files())) {
      mkdirSync(dirname(join(stage, to)), {recursive: true});
      cpSync(join(root, from), join(stage, to));
    }
    for (const each of bundled) {
      const to = join(stage, "node_modules", each);
      cpSync(join(root, "node_modules", each), to, {
        recursive: true,
        filter: from => !/(?<!\.d)\.ts$|\.map$/.test(from),
      });
    }
    writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
    mkdirSync(folder, {recursive: true});
    const npm = spawnSync("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: stage,
      encoding: "utf8",
    });
    if (npm.status !== 0) throw new Error(npm.stderr);
    return join(folder, JSON.parse(npm.stdout)[0].filename);
  } finally {
    rmSync(stage, {recursive: true});
  }
}

if (process.argv[1] === import.meta.filename) {
  const tarball = pack(resolve(process.argv[2] ?? "."));
  console.log(`${tarball}: ${(statSync(tarball).size / 1e6).toFixed(2)} MB`);
}
