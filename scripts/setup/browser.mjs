// What a web page takes to run tickets: src/infer/browser.ts and a worker's src/infer/browserThread.ts, each with all it
// imports as one module beside kernels.wasm.
import {join} from "node:path";
import {paths} from "./facts.mjs";

export async function bundleForBrowsers() {
  const {build} = await import("esbuild");
  const entry = name => join(paths.src, "infer", `${name}.ts`);
  await build({
    entryPoints: {browser: entry("browser"), thread: entry("browserThread")},
    outdir: join(paths.dist, "infer"),
    outExtension: {".js": ".mjs"},
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
}
