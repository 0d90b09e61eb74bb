// .venv: JupyterLab and what executes and renders notebooks, pinned in requirements.txt.
// Its wheels are kept in the cache, so the next clone needs no network for it.
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {inVenv, paths, root} from "./facts.mjs";
import {Failure, step} from "./log.mjs";
import {begin, finish, removeStale} from "./partial.mjs";
import {pip} from "./pip.mjs";
import {run} from "./run.mjs";

const stamp = join(paths.venv, "multiprize.json");

/** What the stamp of a finished .venv says. Its scripts hold absolute paths, so a moved clone needs a new one. */
export const venvStamp = (requirements, folder) =>
  JSON.stringify({requirements: createHash("sha256").update(requirements).digest("hex"), folder});

const wanted = () => venvStamp(readFileSync(paths.requirements, "utf8"), root);

export const venvReady = () =>
  existsSync(stamp) && existsSync(inVenv("python")) && readFileSync(stamp, "utf8") === wanted();

/** Make .venv what requirements.txt says. A half-made or moved one is made anew. */
export async function ensureVenv(python, cache) {
  if (venvReady()) return;
  if (existsSync(paths.venv) && !existsSync(stamp))
    throw new Failure(".venv is there but was not made by this set-up: move it away, then run this again");
  await step(
    ".venv",
    "a Python environment with JupyterLab (240 MB), for the notebooks only",
    async onLine => {
      // Python's own helper of an earlier set-up may still be writing to it for a moment.
      rmSync(paths.venv, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
      mkdirSync(paths.venv);
      writeFileSync(stamp, "under construction");
      onLine("python -m venv");
      await run(python.executable, ["-I", "-m", "venv", paths.venv]);
      const wheels = await ensureWheels(python, cache, onLine);
      const from = ["--no-index", "--find-links", wheels, "--requirement", paths.requirements];
      await pip(["install", ...from], {onLine});
      writeFileSync(stamp, wanted());
    },
  );
}

/** <cache>/wheels-<key>/: everything requirements.txt leads to, for this Python. */
async function ensureWheels(python, cache, onLine) {
  const requirements = readFileSync(paths.requirements, "utf8");
  const kind = [requirements, python.version.slice(0, 2), process.platform, process.arch].join("\n");
  const folder = join(cache, `wheels-${createHash("sha256").update(kind).digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  removeStale(cache);
  const partial = begin(cache, "wheels");
  try {
    await pip(["wheel", "--wheel-dir", partial, "--requirement", paths.requirements], {onLine});
  } catch (error) {
    throw new Failure(
      `JupyterLab did not arrive. Check the network, then run the same command again.\n${error.message}`,
    );
  }
  finish(partial, folder, existsSync);
  return folder;
}
