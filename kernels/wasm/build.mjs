// node kernels/wasm/build.mjs OUT.wasm: the inference kernels, compiled.
import {mkdirSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import asc from "assemblyscript/asc";
import {generate} from "./generate.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2];
const generated = {"generated.ts": generate()};
let wasm;

const read = name => {
  try {
    return generated[name] ?? readFileSync(join(folder, name), "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return null; // The compiler tries several names.
  }
};

const options = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--importMemory",
  "--use",
  "abort=",
];
const {error, stderr} = await asc.main(
  ["index.ts", "--outFile", "out", ...options, "--disableWarning", "112"],
  {
    readFile: read,
    writeFile: (_, contents) => {
      wasm = contents;
    },
    listFiles: () => [],
  },
);
if (error) {
  console.error(`${error.message}\n${stderr}`);
  process.exit(1);
}
mkdirSync(dirname(target), {recursive: true});
const partial = `${target}.${process.pid}`;
writeFileSync(partial, wasm);
renameSync(partial, target);
