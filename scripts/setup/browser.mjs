// What web pages take: to run tickets, src/entries/infer.ts and a worker's src/infer/threads/browserThread.ts, each with
// all it imports as one module beside kernels.wasm; to search in the page, src/playground/page.ts as one script. A module
// that needs Node has a twin for pages beside it, NAME.browser.ts.
import {join} from "node:path";
import {paths} from "./facts.mjs";

export async function bundleForBrowsers() {
  const {build} = await import("esbuild");
  const common = {
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
  await build({
    entryPoints: [entry("playground", "page.ts")],
    outdir: join(paths.dist, "playground"),
    format: "iife",
    minify: true,
    charset: "utf8",
    ...common,
  });
}
