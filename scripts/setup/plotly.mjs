// Plotly for pages that must work offline: the full build, minified once into dist/plotly.min.js.
import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {paths} from "./facts.mjs";
import {step} from "./log.mjs";

const source = join(paths.packages, "plotly.js-dist");
const target = join(paths.dist, "plotly.min.js");
const stamp = join(paths.dist, ".plotly");

export async function ensurePlotly() {
  const {version} = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === version) return;
  await step("plotly.min.js", "minifying Plotly for figures that need no network", async () => {
    const {transform} = await import("esbuild");
    const text = readFileSync(join(source, "plotly.js"), "utf8");
    const {code} = await transform(text, {minify: true, legalComments: "inline", charset: "utf8"});
    mkdirSync(dirname(target), {recursive: true});
    const partial = `${target}.${process.pid}`;
    writeFileSync(partial, code);
    renameSync(partial, target);
    writeFileSync(stamp, version);
  });
}
