// What the machine offers, and what follows from it. The functions that judge are pure; the ones that look are not.
import {existsSync, readFileSync} from "node:fs";
import {ask} from "./run.mjs";

export const oldestPython = [3, 10];
export const oldestNode = [20, 19];
const pythonQuestion = `
import json, sys, importlib.util as u
print(json.dumps({"version": list(sys.version_info[:3]), "executable": sys.executable,
  "venv": all(u.find_spec(m) is not None for m in ("venv", "ensurepip"))}))`;

/** Why this Python won't do, or undefined. `python` is what the question above answers. */
export function pythonProblem(python) {
  if (!python) return "Python is not installed";
  const [major, minor] = python.version;
  if (major < oldestPython[0] || (major === oldestPython[0] && minor < oldestPython[1]))
    return `Python ${python.version.join(".")} is too old, ${oldestPython.join(".")} or newer is needed`;
  if (!python.venv) return `Python ${python.version.join(".")} lacks venv (ensurepip)`;
  return undefined;
}

/** Why this Node won't do, or undefined. */
export function nodeProblem(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return undefined;
  return `Node ${version} is too old, ${oldestNode.join(".")} or newer is needed`;
}

/** The first Python that will do; else the first one found; else undefined. */
export function findPython(answer = command => ask(command, ["-c", pythonQuestion]), env = process.env) {
  const names = [
    env.MULTIPRIZE_PYTHON,
    "python3",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
    "python",
  ];
  let fallback;
  for (const name of names.filter(Boolean)) {
    const text = answer(name);
    if (!text) continue;
    const python = JSON.parse(text);
    if (!pythonProblem(python)) return python;
    fallback ??= python;
  }
  return fallback;
}

/**
 * The C++ compiler, or undefined: `{words, version}`, what is run (a program and its first arguments) and the first
 * line it prints about itself, and where CXX names another that does not run, `passedOver` says so.
 */
export function findCompiler(
  answer = ([command, ...first]) => ask(command, [...first, "--version"]),
  env = process.env,
  exists = existsSync,
) {
  const asked = env.CXX?.trim() ? wordsOf(env.CXX.trim(), exists) : undefined;
  for (const words of [asked, ["g++"], ["c++"], ["clang++"]].filter(Boolean)) {
    const version = answer(words)?.split("\n")[0].trim();
    if (!version) continue;
    const passedOver = asked && words !== asked && `CXX is "${env.CXX}", which does not run here`;
    return {words, version, ...(passedOver && {passedOver})};
  }
  return undefined;
}

/** CXX as make takes it: `ccache g++ -m64` is a program and its arguments; quotes keep blanks, as does a file's own name. */
function wordsOf(text, exists) {
  if (exists(text)) return [text];
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ""));
}

/** What the processor can do, from the text of /proc/cpuinfo. */
export function cpuFeatures(cpuinfo) {
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(cpuinfo)?.[1].split(/\s+/) ?? []);
  return {
    avx: flags.has("avx"),
    avx512: flags.has("avx512f"),
    bf16: flags.has("avx512_bf16"),
    amx: flags.has("amx_bf16"),
  };
}

/** The machine, as far as TensorFlow's library cares. */
export function machine() {
  const linux = process.platform === "linux";
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: linux && existsSync("/lib64/ld-linux-x86-64.so.2"),
    avx: linux && existsSync("/proc/cpuinfo") && cpuFeatures(readFileSync("/proc/cpuinfo", "utf8")).avx,
  };
}

/** Why TensorFlow's library cannot run on this machine, or undefined. */
export function machineProblem({platform, arch, glibc, avx}) {
  if (platform !== "linux" || arch !== "x64")
    return `TensorFlow's library is set up on Linux x86_64 only, this is ${platform} ${arch}`;
  if (!glibc) return "TensorFlow's library needs glibc, this Linux has another C library";
  if (!avx) return "TensorFlow's library needs a processor with AVX";
  return undefined;
}

/** Is an NVIDIA driver at work? */
export const hasNvidiaDriver = () =>
  existsSync("/proc/driver/nvidia/version") || ask("nvidia-smi", ["-L"]) !== undefined;

/** "cpu" or "cuda". */
export function flavour(env = process.env, driver = hasNvidiaDriver) {
  const asked = env.MULTIPRIZE_FLAVOUR;
  if (asked && asked !== "cpu" && asked !== "cuda")
    throw new RangeError(`MULTIPRIZE_FLAVOUR is "${asked}"; valid: cpu, cuda`);
  return asked || (driver() ? "cuda" : "cpu");
}
