import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {join} from "node:path";
import {test} from "node:test";
import {searchSpec} from "../../src/search/defaults";
import {memoryNotice} from "../../src/search/memoryNotice";

const pictures = {imageShape: [32, 32, 3] as const, classNames: Array.from({length: 10}, (_, i) => `${i}`)};
const spec = searchSpec({arch: "conv4", keepFraction: 0.5, batchSize: 128});
const GIB = 2 ** 30;

test("a search whose step does not fit into memory is told so before it begins, and what to do", () => {
  assert.equal(memoryNotice(spec, pictures, 8 * GIB), undefined);
  assert.match(
    memoryNotice(spec, pictures, 0.25 * GIB) ?? "",
    /^a step needs about \d\.\d GiB of memory and 0\.3 GiB are free: .* more parts$/,
  );
});

test("a batch in parts needs what one part does", () => {
  const whole = searchSpec({...spec, batchSize: 1280});
  assert.notEqual(memoryNotice(whole, pictures, GIB), undefined);
  assert.equal(memoryNotice({...whole, batchParts: 10}, pictures, GIB), undefined);
});

test("what is free here is more than a small step needs", () => {
  assert.equal(
    memoryNotice(searchSpec({arch: "conv2", keepFraction: 0.5, batchSize: 1, width: 0.1}), pictures),
    undefined,
  );
});

test("a shell's limit of address space leaves less than the machine has", {
  skip: process.platform !== "linux" && "Linux tells a process's limits",
}, () => {
  const module = JSON.stringify(join(__dirname, "..", "..", "src", "system", "availableMemory.ts"));
  const program = `console.log(require(${module}).availableBytes())`;
  const node = `"${process.execPath}" --import tsx -e '${program}'`;
  const {stdout, stderr} = spawnSync("bash", ["-c", `ulimit -v 3000000; ${node}`], {encoding: "utf8"});
  assert.ok(Number(stdout) > 0 && Number(stdout) < 3e9, stdout + stderr);
});
