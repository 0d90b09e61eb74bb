// nbconvert, with the kernel of .venv only.
import {readFileSync, writeFileSync} from "node:fs";
import {basename, join} from "node:path";
import {inVenv} from "../setup/facts.mjs";
import {run} from "../setup/run.mjs";

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

/** nbconvert scrolls a long line of code, which on paper and in a narrow window cuts it off. */
const wrapCode = "<style>.jp-InputArea pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>";

/** A page that asks no other machine for anything. */
export async function render(file, folder) {
  const offline = ["require_js_url", "mathjax_url", "mermaid_js_url"].map(name => `--HTMLExporter.${name}=`);
  await nbconvert(["--to", "html", ...offline, "--output-dir", folder, file]);
  const page = join(folder, `${basename(file, ".ipynb")}.html`);
  writeFileSync(page, readFileSync(page, "utf8").replace("</head>", `${wrapCode}\n</head>`));
}
