import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {UserError} from "../../src/core/errors";
import {type ParityCase, readCase} from "../../src/parity/caseFile";
import {replay} from "../../src/parity/replay";
import {smallCase} from "./smallCase";

const folder = mkdtempSync(join(tmpdir(), "parity-"));
before(() => useBackend("auto"));
after(() => rmSync(folder, {recursive: true}));

function read(content: string): ParityCase {
  const path = join(folder, "case.json");
  writeFileSync(path, content);
  return readCase(path);
}
/** One line that says what is wrong. */
function refuses(task: () => unknown, message: RegExp): void {
  assert.throws(task, error => {
    assert.ok(error instanceof UserError, `${error}`);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"), error.message);
    return true;
  });
}
const edited = (edit: (parity: ParityCase) => unknown): string => {
  const parity = smallCase();
  edit(parity);
  return JSON.stringify(parity);
};

test("a case is read as it was written", () => {
  assert.deepEqual(read(JSON.stringify(smallCase())), smallCase());
});

test("a file that is missing, or a folder, is refused with its name", () => {
  refuses(() => readCase(join(folder, "none.json")), /cannot read the parity case .*none\.json/);
  refuses(() => readCase(folder), /cannot read the parity case/);
});

const malformed: [string, string, RegExp][] = [
  ["text that is not JSON", "{", /case\.json is not JSON/],
  ["an empty file", "", /is not JSON/],
  ["null", "null", /is no parity case: it has no architecture and tensors/],
  ["a list", "[]", /no architecture and tensors/],
  ["a number", "7", /no architecture and tensors/],
  ["no architecture", edited(p => Reflect.deleteProperty(p, "architecture")), /no architecture and tensors/],
  ["no tensors", edited(p => Reflect.deleteProperty(p, "tensors")), /no architecture and tensors/],
  ["another version", edited(p => (p.formatVersion = 2)), /format version 2; this reader knows 1/],
  ["no expected values", edited(p => Reflect.deleteProperty(p, "expected")), /holds no expected values/],
  [
    "an unknown selection",
    edited(p => Object.assign(p, {pruning: "blockwise"})),
    /pruning "blockwise"; .*layerwise, global/,
  ],
  [
    "an unknown batch norm",
    edited(p => Object.assign(p, {bn: "group"})),
    /bn "group"; .*none, nonaffine, affine-frozen, learned/,
  ],
  [
    "an unknown optimizer",
    edited(p => Object.assign(p, {optimizer: {name: "lion", lr: 1}})),
    /optimizer "lion"; .*sgd, adam/,
  ],
];
for (const [what, content, message] of malformed) {
  test(`a case file with ${what} is refused in one line`, () => {
    refuses(() => read(content), message);
  });
}

const unbuildable: [string, (parity: ParityCase) => unknown, RegExp][] = [
  [
    "an unknown operation",
    p => p.architecture.push({op: "gelu"} as never),
    /case small: unknown operation .*gelu/,
  ],
  [
    "an unknown operation in a residual branch",
    p => p.architecture.unshift({op: "residual", main: [{op: "gelu"} as never], shortcut: []}),
    /unknown operation .*gelu/,
  ],
  ["a tensor that is not listed", p => p.tensors.splice(3, 1), /case small: tensor 3 is used but not listed/],
  ["no images", p => p.tensors.splice(0, 1), /tensor 0 is used but not listed/],
  ["a tensor of an unknown kind", p => Object.assign(p.tensors[2], {kind: "sobol"}), /unknown kind "sobol"/],
  [
    "a tensor of another size",
    p => Object.assign(p.tensors[2], {shape: [4, 2, 3, 2]}),
    /holds 72 values, the case gives 48/,
  ],
];
for (const [what, edit, message] of unbuildable) {
  test(`a case with ${what} is refused in one line`, async () => {
    const parity = smallCase();
    edit(parity);
    const error: unknown = await replay(parity).catch(refusal => refusal);
    refuses(() => {
      throw error;
    }, message);
  });
}
