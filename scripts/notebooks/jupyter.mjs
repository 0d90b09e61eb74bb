// nbconvert, with the kernel of .venv only.
import {readFileSync, writeFileSync} from "node:fs";
import {basename, join} from "node:path";
import {inVenv} from "../setup/facts.mjs";
import {run} from "../setup/run.mjs";
import {completePage} from "./pages.mjs";

const nbconvert = (args, env) =>
  run(inVenv("jupyter"), ["nbconvert", "--log-level=WARN", ...args], {
    env: {JUPYTER_PREFER_ENV_PATH: "1", ...env},
  });

/** Execute a notebook in its own folder, with a fresh kernel; returns the result, the file stays as it is. */
export async function execute(file, folder, env = {}) {
  const options = ["--ExecutePreprocessor.timeout=900", "--ExecutePreprocessor.record_timing=False"];
  const kernel = "--ExecutePreprocessor.kernel_name=tslab";
  await nbconvert(["--to", "notebook", "--execute", ...options, kernel, "--output-dir", folder, file], env);
  return JSON.parse(readFileSync(join(folder, basename(file)), "utf8"));
}

/** A page that asks no other machine for anything; `leads` says where its links to the project's files go. */
export async function render(file, folder, leads) {
  const offline = ["require_js_url", "mathjax_url", "mermaid_js_url"].map(name => `--HTMLExporter.${name}=`);
  await nbconvert(["--to", "html", "--template", "lab", ...offline, "--output-dir", folder, file]);
  const page = join(folder, `${basename(file, ".ipynb")}.html`);
  writeFileSync(page, completePage(readFileSync(page, "utf8"), folder, leads));
}
