// What a web page takes to run tickets: src/infer/browser.ts and all it imports, as one module beside kernels.wasm.
import {join} from "node:path";
import {paths} from "./facts.mjs";

export async function bundleForBrowsers() {
  const {build} = await import("esbuild");
  await build({
    entryPoints: [join(paths.src, "infer", "browser.ts")],
    outfile: join(paths.dist, "infer", "browser.mjs"),
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
}
