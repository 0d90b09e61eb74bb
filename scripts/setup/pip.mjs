// pip of .venv. A user's settings say where packages come from; what they say of where packages go (user, target,
// prefix), of which are taken and of how is left aside: here it is settled.
import {devNull} from "node:os";
import {inVenv} from "./facts.mjs";
import {ask, run} from "./run.mjs";

/** Settings that say where packages come from and how to get there. */
const sources = new Set([
  ...["index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "keyring-provider"],
  ...["proxy", "cert", "client-cert", "timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir"],
]);

/**
 * The variables for pip's process: of the user's PIP_… and of what `pip config list` printed (files; a command's own
 * section comes before [global], a variable before both), the sources alone.
 */
export function pipEnvironment(env, listed, command) {
  const kept = {};
  const take = (name, value) => {
    if (sources.has(name) && value !== "") kept[`PIP_${name.replaceAll("-", "_").toUpperCase()}`] = value;
  };
  const settings = listed.split("\n").flatMap(line => {
    const [, section, name, , text] = /^([^.]+)\.([\w-]+)=(['"])(.*)\3$/.exec(line.trim()) ?? [];
    return name ? [{section, name, value: unescaped(text)}] : [];
  });
  for (const wanted of ["global", command])
    for (const {section, name, value} of settings) if (section === wanted) take(name, value);
  for (const [name, value] of Object.entries(env))
    if (name.startsWith("PIP_")) take(name.slice(4).toLowerCase().replaceAll("_", "-"), value);
  return {...kept, PIP_CONFIG_FILE: devNull};
}

/** Of Python's repr of a text. */
function unescaped(text) {
  return text.replace(/\\(n|t|.)/g, (_, letter) => ({n: "\n", t: "\t"})[letter] ?? letter);
}

/** pip dies with the set-up, however that dies (Linux: PR_SET_PDEATHSIG): nobody fills .venv while the next makes it anew. */
const dyingWithUs = [
  "import ctypes, runpy",
  "try: ctypes.CDLL(None).prctl(1, 9)",
  "except Exception: pass",
  "runpy.run_module('pip', run_name='__main__', alter_sys=True)",
].join("\n");

/** Without a word about its own updates and without questions. `-I`: Python's own variables and user folder too. */
export function pip([command, ...args], options) {
  const python = ["-I", "-c", dyingWithUs, "--disable-pip-version-check", "--no-input"];
  const listed = ask(inVenv("python"), [...python, "config", "list"]) ?? "";
  const others = Object.keys(process.env).filter(name => name.startsWith("PIP_"));
  const env = {
    ...Object.fromEntries(others.map(name => [name, undefined])),
    ...pipEnvironment(process.env, listed, command),
  };
  return run(inVenv("python"), [...python, command, ...args], {...options, env});
}
