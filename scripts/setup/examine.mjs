// What `multiprize doctor` finds: every finding is {id, state: "ok" | "missing" | "note", text, fix?}.
// The set-up's own modules do the looking, so doctor and set-up never disagree.
import {spawnSync} from "node:child_process";
import {existsSync, readFileSync, realpathSync} from "node:fs";
import os from "node:os";
import {dirname, join} from "node:path";

const ok = (id, text) => ({id, state: "ok", text});
const note = (id, text, fix) => ({id, state: "note", text, ...(fix && {fix})});
const missing = (id, text, fix) => ({id, state: "missing", text, fix});

const parts = [
  "facts",
  "prerequisites",
  "packages",
  "venv",
  "tensorflow",
  "binding",
  "links",
  "kernel",
  "build",
  "webgpu",
];
const loadParts = async () =>
  Object.assign({}, ...(await Promise.all(parts.map(name => import(`./${name}.mjs`)))));

const apt = "On Debian and Ubuntu, as root: apt install";
const setup = "npm run setup";

function nodeItem(s) {
  const version = process.versions.node;
  const problem = s.nodeProblem(version);
  return problem
    ? missing("node", problem, `install Node ${s.oldestNode.join(".")} or newer`)
    : ok("node", `Node ${version}`);
}

function machineItems(s) {
  const cpuinfo = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const {avx512, bf16, amx} = s.cpuFeatures(cpuinfo);
  const yesNo = (has, name) => (has ? name : `no ${name}`);
  const features = cpuinfo
    ? `; ${yesNo(avx512, "AVX-512")}, ${yesNo(bf16, "AVX512-BF16")}, ${yesNo(amx, "AMX")}`
    : "";
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  const size = `${os.cpus().length} cores, ${memory} GiB of memory`;
  const problem = s.machineProblem(s.machine());
  const platform = `${process.platform} ${process.arch}: ${size}${features}`;
  const items = [ok("machine", platform)];
  if (problem) items.push(note("machine-native", `${problem}: WebAssembly computes here`));
  items.push(
    s.hasNvidiaDriver()
      ? note(
          "nvidia",
          "NVIDIA driver: the set-up takes TensorFlow with CUDA, untested",
          "MULTIPRIZE_FLAVOUR=cpu for the processor",
        )
      : ok("nvidia", "no NVIDIA driver: the processor computes"),
  );
  return items;
}

function toolItems(s) {
  const python = s.findPython();
  const problem = s.pythonProblem(python);
  const compiler = s.findCompiler();
  return [
    nodeItem(s),
    problem
      ? missing("python", `${problem}: no notebooks, no TensorFlow library`, `${apt} python3-venv`)
      : ok("python", `Python ${python.version.join(".")} with venv`),
    compiler?.passedOver
      ? note(
          "compiler",
          `${compiler.version}; ${compiler.passedOver}`,
          "name a C++ compiler in CXX, or unset it",
        )
      : compiler
        ? ok("compiler", compiler.version)
        : missing("compiler", "no C++ compiler: WebAssembly computes", `${apt} g++`),
  ];
}

/** What lies in .native, and whether it loads (tried in a process of its own). */
function nativeItems(s) {
  if (!existsSync(join(s.paths.native, "native.json"))) {
    return [missing("tensorflow", "TensorFlow's library is not set up: WebAssembly computes", setup)];
  }
  const folder = realpathSync(s.paths.native);
  const about = JSON.parse(readFileSync(join(folder, "native.json"), "utf8"));
  const library = join(dirname(folder), s.tensorflowName(about.flavour));
  const items = [];
  if (s.tensorflowWhole(library))
    items.push(ok("tensorflow", `TensorFlow ${about.tensorflow} (${about.flavour}) in ${library}`));
  else items.push(missing("tensorflow", `TensorFlow's library is incomplete in ${library}`, setup));
  const program =
    "const [binding, ...others] = process.argv.slice(1); console.log(require(binding).TF_Version); others.map(each => require(each))";
  const libraries = ["tfjs_binding.node", "kernels.node", "mute.node"].map(name => join(folder, name));
  const tried = spawnSync(process.execPath, ["-e", program, ...libraries], {encoding: "utf8"});
  const whole = s.bindingWhole(folder);
  const loads = whole && tried.status === 0 && tried.stdout.includes(about.tensorflow);
  const why =
    (whole ? undefined : "a library in it has other bytes than were built") ??
    tried.stderr.split("\n").find(line => line.startsWith("Error")) ??
    `ends with ${tried.signal ?? tried.status}`;
  if (!loads)
    items.push(
      missing("binding", `the binding does not load: ${why}`, whole ? `rm -r ${folder} && ${setup}` : setup),
    );
  else if (!existsSync(s.addon))
    items.push(missing("binding", "the binding is not linked into node_modules", setup));
  else items.push(ok("binding", `binding ${about.key} loads`));
  if (!about.testedOnHardware)
    items.push(note("cuda", "this build for CUDA was never tested on such a machine"));
  return items;
}

function projectItems(s) {
  const packages = s.packagesProblem(s.root);
  if (packages) return [missing("packages", packages, "npm ci")];
  const venv = s.venvReady();
  return [
    ok("packages", "npm packages as in package-lock.json"),
    ...nativeItems(s),
    venv ? ok("venv", ".venv with JupyterLab") : missing("venv", "no .venv: no notebooks", setup),
    venv && s.kernelReady()
      ? ok("kernel", "notebook kernel TypeScript (multiprize)")
      : missing("kernel", "the notebook kernel is not registered for this Node and folder", setup),
    webgpuItem(s),
    distItem(s),
  ];
}

/** The backend for GPUs that nobody needs: never missing, only told of. */
function webgpuItem(s) {
  if (!s.webgpuInstalled(s.root)) {
    const fix = `npm install --no-save --save-optional ${s.webgpuPackages(s.root).join(" ")}`;
    return note("webgpu", "--backend webgpu (experimental): its packages are not installed", fix);
  }
  const {name, software} = s.webgpuAdapter(s.root);
  if (name === undefined)
    return note("webgpu", "--backend webgpu (experimental): no adapter: no GPU, or no driver");
  return software
    ? note(
        "webgpu",
        `--backend webgpu (experimental): ${name} computes in software: refused unless asked for`,
      )
    : ok("webgpu", `--backend webgpu (experimental): ${name}`);
}

function distItem(s) {
  if (!existsSync(join(s.paths.dist, "cli.js"))) return missing("dist", "src/ is not compiled", setup);
  return s.distReady()
    ? ok("dist", "src/ is compiled")
    : note("dist", "src/ or a package in its bundles changed since it was compiled", setup);
}

export async function examine() {
  const s = await loadParts();
  const groups = [
    {title: "machine", items: machineItems(s)},
    {title: "tools", items: toolItems(s)},
    {title: "project", items: projectItems(s)},
  ];
  const state = Object.fromEntries(groups.flatMap(group => group.items.map(item => [item.id, item.state])));
  const ready =
    state.node === "ok" && state.packages === "ok" && state.dist !== undefined && state.dist !== "missing";
  const native = state.tensorflow === "ok" && state.binding === "ok";
  const backend = ready ? (native ? "tensorflow" : "wasm") : undefined;
  const next =
    state.node !== "ok"
      ? "install Node 20 or newer"
      : state.packages === "ok"
        ? setup
        : "npm ci && npm start";
  const summary = ready
    ? `Ready: searches run on ${native ? "TensorFlow's library" : "WebAssembly, several times slower than TensorFlow's library"}.`
    : `Not ready. Next: ${next}`;
  return {ready, ...(backend && {backend}), summary, groups};
}
