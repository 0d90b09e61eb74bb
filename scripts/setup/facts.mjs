// Where things are and which versions they have: the one place that set-up, doctor and tests read it from.
import {homedir} from "node:os";
import {isAbsolute, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

/** The clone's root folder. */
export const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** Version of the TensorFlow wheels pinned in scripts/native/tensorflow-*.txt. */
export const tensorflowVersion = "2.21.0";

/** Downloads and builds shared by every clone of this user. */
export function cacheRoot(env = process.env, home = homedir()) {
  if (env.MULTIPRIZE_CACHE) return resolve(env.MULTIPRIZE_CACHE);
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, ".cache"), "multiprize");
}

/** @param {"cpu"|"cuda"} flavour */
export const tensorflowName = flavour => `tensorflow-${flavour}-${tensorflowVersion}`;

/** Where the libraries lie below that folder: the CUDA wheel finds its nvidia/ neighbours only in pip's own layout. */
export const libraryFolder = flavour => (flavour === "cuda" ? "tensorflow" : ".");

export const paths = {
  venv: join(root, ".venv"),
  requirements: join(root, "requirements.txt"),
  native: join(root, ".native"),
  dist: join(root, "dist"),
  src: join(root, "src"),
  packages: join(root, "node_modules"),
  tfjs: join(root, "node_modules", "@tensorflow", "tfjs-node-gpu"),
  headers: join(root, "node_modules", "node-api-headers"),
  kernel: join(root, ".venv", "share", "jupyter", "kernels", "tslab"),
};

/** A program inside .venv. */
export function inVenv(program, platform = process.platform) {
  return platform === "win32"
    ? join(paths.venv, "Scripts", `${program}.exe`)
    : join(paths.venv, "bin", program);
}
