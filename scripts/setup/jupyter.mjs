// What every JupyterLab and nbconvert of .venv knows from the start, however they are begun: no pop-up that asks for
// permission to fetch news; Plotly on the server, for the figures; and Plotly in every exported page that has figures.
import {existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {paths} from "./facts.mjs";

const config = (...path) => join(paths.venv, "etc", "jupyter", ...path);
const template = join(paths.venv, "share", "jupyter", "nbconvert", "templates", "multiprize");
const exporter = {HTMLExporter: {template_name: "multiprize"}};

/** nbconvert's page for JupyterLab, and Plotly in it where a figure asks for it. */
const page = `{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}
{%- set found = namespace(figure=false) -%}
{%- for cell in nb.cells -%}{%- for output in cell.get("outputs", []) -%}
{%- if "window.Plotly" in output.get("data", {}).get("text/html", "") -%}{%- set found.figure = true -%}{%- endif -%}
{%- endfor -%}{%- endfor -%}
{%- if found.figure -%}{{ resources.include_js("static/plotly.min.js") }}{%- endif -%}
{{ super() }}
{%- endblock html_head_js -%}
`;

const files = () => ({
  [config("labconfig", "page_config.json")]: json({
    disabledExtensions: {"@jupyterlab/apputils-extension:announcements": true},
  }),
  // The server's own exports read its configuration, nbconvert by itself another. Of jupyter_server_config.d it takes the
  // names of extensions and nothing else.
  [config("jupyter_server_config.json")]: json({
    ServerApp: {extra_static_paths: [paths.dist]},
    ...exporter,
  }),
  [config("jupyter_nbconvert_config.json")]: json(exporter),
  [join(template, "conf.json")]: json({base_template: "lab", mimetypes: {"text/html": true}}),
  [join(template, "index.html.j2")]: page,
});

const json = value => `${JSON.stringify(value, null, 2)}\n`;

export function ensureJupyter() {
  for (const [path, text] of Object.entries(files())) {
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, text);
  }
  const link = join(template, "static", "plotly.min.js");
  mkdirSync(dirname(link), {recursive: true});
  if (lstatSync(link, {throwIfNoEntry: false})) rmSync(link);
  symlinkSync(join(paths.dist, "plotly.min.js"), link);
}
