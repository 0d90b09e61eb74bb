// The site's scripts: the explorer with its worker and kernels inside, and the search field.
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {build} from "esbuild";
import {paths, root} from "../setup/facts.mjs";

const common = {
  bundle: true,
  platform: "browser",
  target: "es2022",
  format: "iife",
  minify: true,
  charset: "utf8",
  logLevel: "error",
  resolveExtensions: [".browser.ts", ".ts", ".mjs", ".js", ".json"],
};

/** Writes explorer.js: one script that needs no other file, since a page from disk can load no worker and no module. */
export async function bundleExplorer(out) {
  const kernels = readFileSync(join(paths.dist, "infer", "kernels.wasm")).toString("base64");
  const {outputFiles} = await build({
    ...common,
    entryPoints: [join(paths.src, "explorer", "worker.ts")],
    define: {kernelsBase64: JSON.stringify(kernels), moduleAddress: '""'},
    write: false,
  });
  await build({
    ...common,
    entryPoints: [join(paths.src, "explorer", "page.ts")],
    define: {workerSource: JSON.stringify(outputFiles[0].text), moduleAddress: '""'},
    outfile: join(out, "explorer.js"),
  });
}

export async function bundleSearch(out) {
  await build({
    ...common,
    entryPoints: [join(root, "scripts", "site", "assets", "search.mjs")],
    outfile: join(out, "site.js"),
  });
}
