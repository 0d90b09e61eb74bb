// What web pages take: to run tickets, src/infer/browser.ts and a worker's src/infer/threads/browserThread.ts, each with all it
// imports as one module beside kernels.wasm; to search in the page, src/playground/page.ts as one script.
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
  };
  const entry = (...path) => join(paths.src, "infer", ...path);
  await build({
    entryPoints: {browser: entry("browser.ts"), thread: entry("threads", "browserThread.ts")},
    outdir: join(paths.dist, "infer"),
    format: "esm",
    ...common,
  });
  await build({
    entryPoints: [join(paths.src, "playground", "page.ts")],
    outdir: join(paths.dist, "playground"),
    format: "iife",
    minify: true,
    charset: "utf8",
    ...common,
  });
}
