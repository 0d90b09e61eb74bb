// npm run lab: JupyterLab on notebooks/, from .venv. Arguments go through: `npm run lab -- --no-browser`.
import {spawn} from "node:child_process";
import {join} from "node:path";
import {inVenv, root} from "./setup/facts.mjs";
import {venvReady} from "./setup/venv.mjs";

if (!venvReady()) {
  console.error("error: there is no .venv, so no JupyterLab: the set-up above says why");
  process.exit(1);
}
const args = [
  "lab",
  `--notebook-dir=${root}`,
  "--MultiKernelManager.default_kernel_name=tslab",
  ...process.argv.slice(2),
  join(root, "notebooks", "00-quickstart.ipynb"),
];
const env = {...process.env, JUPYTER_PREFER_ENV_PATH: "1"};
const lab = spawn(inVenv("jupyter"), args, {cwd: root, env, stdio: "inherit"});
// Ctrl-C reaches JupyterLab by itself; it asks back and ends in its own time.
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => signal === "SIGTERM" && lab.kill(signal));
lab.on("close", (status, signal) => process.exit(signal ? 1 : status));
