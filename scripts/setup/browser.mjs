// What web pages take: to run tickets, src/entries/infer.ts and a worker's src/infer/threads/browserThread.ts, each with
// all it imports as one module beside kernels.wasm; what moves in a notebook's page, src/playground/page.ts and each file
// of src/explorables/pages, as one script each; the panels that a kernel drives, src/panels/view, as a module; to search as the command does, src/page/searchWorker.ts as a worker's
// script beside TensorFlow.js's WebAssembly files, and src/page/searchInWorker.ts as the module that starts it. A module
// that needs Node has a twin for pages beside it, NAME.browser.ts.
import {copyFileSync, readdirSync} from "node:fs";
import {basename, join} from "node:path";
import {paths, root} from "./facts.mjs";

export async function bundleForBrowsers() {
  const {build} = await import("esbuild");
  const common = {
    // Beside what tsc writes of the same sources, whose next run would take the bundle's place.
    outExtension: {".js": ".mjs"},
    bundle: true,
    platform: "browser",
    target: "es2022",
    logLevel: "error",
    resolveExtensions: [".browser.ts", ".ts"],
  };
  const entry = (...path) => join(paths.src, ...path);
  await build({
    entryPoints: {
      browser: entry("entries", "infer.ts"),
      thread: entry("infer", "threads", "browserThread.ts"),
    },
    outdir: join(paths.dist, "infer"),
    format: "esm",
    // Only a module may say import.meta, and tsc compiles src to CommonJS.
    banner: {js: "const moduleAddress = import.meta.url;"},
    ...common,
  });
  await bundleSearch(build, entry("page", "searchWorker.ts"), common);
  await build({
    entryPoints: [entry("page", "searchInWorker.ts")],
    outdir: join(paths.dist, "page"),
    format: "esm",
    ...common,
  });
  // What anywidget runs in JupyterLab: a module's text, sent with the widget.
  await build({
    entryPoints: ["search", "ablation"].map(name => entry("panels", "view", `${name}.ts`)),
    outdir: join(paths.dist, "panels", "view"),
    format: "esm",
    minify: true,
    charset: "utf8",
    ...common,
  });
  const explorables = readdirSync(entry("explorables", "pages")).map(name =>
    join("explorables", "pages", basename(name, ".ts")),
  );
  await build({
    entryPoints: [join("playground", "page"), ...explorables].map(out => ({in: entry(`${out}.ts`), out})),
    outdir: paths.dist,
    format: "iife",
    minify: true,
    charset: "utf8",
    ...common,
  });
}

/** TensorFlow.js asks for modules of Node where it runs there: in a page they are empty. */
const withoutNode = {
  name: "without Node",
  setup(build) {
    const modules = /^(crypto|fs|os|path|util|worker_threads|perf_hooks)$/;
    build.onResolve({filter: modules}, ({path}) => ({path, namespace: "without-node"}));
    build.onLoad({filter: /.*/, namespace: "without-node"}, () => ({contents: "module.exports = {}"}));
  },
};

async function bundleSearch(build, entryPoint, common) {
  const outdir = join(paths.dist, "page");
  await build({
    ...common,
    entryPoints: [entryPoint],
    outdir,
    format: "iife",
    minify: true,
    keepNames: true,
    charset: "utf8",
    // Without this the packages' CommonJS forms come along, and a second tfjs-core with them.
    mainFields: ["browser", "module", "main"],
    resolveExtensions: [...common.resolveExtensions, ".js", ".mjs", ".json"],
    define: {"process.env": "{}", __dirname: '""', __filename: '""', global: "globalThis"},
    plugins: [withoutNode],
  });
  const binaries = join(root, "node_modules", "@tensorflow", "tfjs-backend-wasm", "dist");
  for (const name of readdirSync(binaries).filter(each => each.endsWith(".wasm")))
    copyFileSync(join(binaries, name), join(outdir, name));
}
