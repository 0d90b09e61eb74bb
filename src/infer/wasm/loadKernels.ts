import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {UserError} from "../../core/errors";
import {root} from "../../system/root";

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels that set-up has compiled, read from the package's own dist. For Node; browsers fetch the file. */
export function loadKernels(): Promise<WebAssembly.Module> {
  compiled ??= compileKernels();
  return compiled;
}

async function compileKernels(): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(
      new Uint8Array(await readFile(join(root, "dist", "infer", "kernels.wasm"))),
    );
  } catch (error) {
    compiled = undefined;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError("the inference kernels are not built: run `npm run setup`");
  }
}
