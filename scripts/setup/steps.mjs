// The order of the set-up, and what is left out on a machine that lacks something.
import {readFileSync, realpathSync} from "node:fs";
import {dirname, join} from "node:path";
import {bindingWhole, ensureBinding} from "./binding.mjs";
import {ensureDist} from "./build.mjs";
import {cacheRoot, paths, root, tensorflowName, tensorflowVersion} from "./facts.mjs";
import {ensureJupyter} from "./jupyter.mjs";
import {ensureKernel} from "./kernel.mjs";
import {linkBinding} from "./links.mjs";
import {locked} from "./lock.mjs";
import {Failure, notice} from "./log.mjs";
import {packagesProblem} from "./packages.mjs";
import {ensurePlotly} from "./plotly.mjs";
import {
  findCompiler,
  findPython,
  flavour,
  machine,
  machineProblem,
  nodeProblem,
  pythonProblem,
} from "./prerequisites.mjs";
import {ensureTensorflow, tensorflowWhole} from "./tensorflow.mjs";
import {ensureVenv, venvReady} from "./venv.mjs";
import {ensureWasm} from "./wasm.mjs";

const advice = "On Debian and Ubuntu: apt install python3-venv g++ (as root), then `npm run setup`.";

/** Returns {backend: what will compute, notebooks: whether they can run}. */
export async function setUp() {
  const problem = nodeProblem(process.versions.node) ?? packagesProblem(root);
  if (problem) throw new Failure(problem);
  const wait = what => () => notice(`another set-up is at work on ${what}: waiting for it`);
  return locked(root, wait("this clone"), async () => {
    const cache = cacheRoot();
    const notebooks = await python(cache);
    const backend = await locked(cache, wait(cache), () => native(cache, notebooks));
    await ensureDist();
    await ensureWasm();
    await ensurePlotly();
    return {backend, notebooks};
  });
}

async function python(cache) {
  const found = venvReady() ? undefined : findPython();
  const problem = venvReady() ? undefined : pythonProblem(found);
  if (problem) {
    notice(`${problem}: no notebooks. The command line works without.`, advice);
    return false;
  }
  await ensureVenv(found, cache);
  ensureKernel();
  ensureJupyter();
  return true;
}

async function native(cache, hasPython) {
  if (process.env.MULTIPRIZE_BACKEND === "wasm") return "WebAssembly (MULTIPRIZE_BACKEND=wasm)";
  const built = inUse();
  const compiler = findCompiler();
  if (compiler?.passedOver) notice(`${compiler.passedOver}: ${compiler.words.join(" ")} compiles`);
  const problem =
    machineProblem(machine()) ??
    (hasPython ? undefined : "without Python there is no way to TensorFlow's wheel") ??
    (compiler ? undefined : "there is no C++ compiler (g++)");
  if (problem && built) {
    linkBinding(built.folder);
    return `TensorFlow ${built.tensorflow} (${built.flavour}), as built before: ${problem}`;
  }
  if (problem) {
    const help = machineProblem(machine()) || !hasPython ? [] : [advice];
    notice(`${problem}: the WebAssembly backend computes instead, several times slower.`, ...help);
    return "WebAssembly";
  }
  const kind = flavour();
  await ensureTensorflow(cache, kind);
  linkBinding(await ensureBinding(cache, kind, compiler));
  if (kind === "cuda")
    notice("CUDA: set up, but never tested on such a machine; MULTIPRIZE_FLAVOUR=cpu goes without");
  return `TensorFlow ${tensorflowVersion} (${kind})`;
}

/** The binding this clone already uses, wherever its cache is, if it and its library are whole. */
function inUse() {
  if (!bindingWhole(paths.native)) return undefined;
  const folder = realpathSync(paths.native);
  const about = JSON.parse(readFileSync(join(folder, "native.json"), "utf8"));
  return tensorflowWhole(join(dirname(folder), tensorflowName(about.flavour)))
    ? {...about, folder}
    : undefined;
}
