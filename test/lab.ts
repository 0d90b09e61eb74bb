import assert from "node:assert/strict";
import {type ChildProcess, spawn, spawnSync} from "node:child_process";
import {once} from "node:events";
import {existsSync, mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {join, relative} from "node:path";
import {createInterface} from "node:readline";

const root = join(__dirname, "..");
const programs = join(root, ".venv", "bin");
// Inside the project: the kernel finds the package from the notebook's folder upwards.
const places = join(root, "data", "cache");

/** Why there is no JupyterLab here; false where there is one. */
export const lacksLab: string | false =
  !existsSync(join(programs, "jupyter-lab")) && "NO JUPYTERLAB: set-up made no .venv";

/** A JupyterLab on notebooks of a test. */
export interface Lab {
  /** Its address of a notebook, by the file's name. */
  address(notebook: string): string;
  /** Ends it with its kernels and takes its folder away. */
  close(): Promise<void>;
}

/**
 * Starts JupyterLab, apart from the user's own settings, on a new folder that `fill` puts notebooks into; it names those
 * that are to be trusted.
 */
export async function openLab(fill: (folder: string) => readonly string[]): Promise<Lab> {
  mkdirSync(places, {recursive: true});
  const folder = mkdtempSync(join(places, "lab-"));
  const remove = (): void => rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
  const trusted = fill(folder);
  const names = ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"].map(name => `JUPYTER_${name}`);
  const own = [...names, "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"];
  const options = [
    ...["--no-browser", "--port=0", "--ip=127.0.0.1", "--allow-root", "--ServerApp.token=test"],
    // For labNotebook.ts.
    "--LabApp.expose_app_in_browser=True",
  ];
  const env = {
    ...process.env,
    ...Object.fromEntries(own.map(name => [name, join(folder, name)])),
    JUPYTER_PREFER_ENV_PATH: "1",
  };
  if (trusted.length > 0) {
    const {status, stderr} = spawnSync(join(programs, "jupyter"), ["trust", ...trusted], {cwd: folder, env});
    assert.equal(status, 0, String(stderr));
  }
  const server = spawn(join(programs, "jupyter-lab"), [...options, `--notebook-dir=${root}`], {
    cwd: root,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    const tree = `http://127.0.0.1:${await portOf(server)}/lab/tree/${relative(root, folder)}`;
    return {
      address: notebook => `${tree}/${notebook}?token=test`,
      async close() {
        await end(server);
        remove();
      },
    };
  } catch (error) {
    await end(server);
    remove();
    throw error;
  }
}

/** In its own time, with its kernels; while one of them starts it may wait for ever, and kernels end without it. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  const insist = setTimeout(() => server.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(insist);
}

/** Of a server, once it answers. */
async function portOf(server: ChildProcess): Promise<string> {
  const said: string[] = [];
  const late = setTimeout(() => server.kill("SIGKILL"), 120_000);
  for await (const line of createInterface({input: server.stderr as NodeJS.ReadableStream})) {
    said.push(line);
    const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (port === undefined) continue;
    clearTimeout(late);
    // What it says later must still be read, or it would wait for ever.
    server.stderr?.resume();
    return port;
  }
  throw new Error(`JupyterLab did not start: ${said.slice(-5).join("\n")}`);
}
