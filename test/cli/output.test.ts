import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {type FileKind, outputPath} from "../../src/cli/output";

const root = join(__dirname, "..", "..");
const bin = join(root, "bin", "multiprize.js");
const folder = mkdtempSync(join(tmpdir(), "multiprize-output-"));
const disk = join(folder, "disk");
mkdirSync(disk);
const hasDisk = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]).status === 0;
after(() => {
  if (hasDisk) spawnSync("umount", ["-l", disk]);
  rmSync(folder, {recursive: true});
});

const ticket = join(folder, "digits.mpt");
copyFileSync(join(root, "data", "tickets", "digits-relu-k0.2.mpt"), ticket);

function multiprize(...args: string[]): {status: number | null; stderr: string} {
  return spawnSync(process.execPath, [bin, ...args], {cwd: folder, encoding: "utf8"});
}

test("a file that a command reads is not what it writes, whatever name leads there", () => {
  const [plain, link, hard] = ["plain", "link", "hard"].map(name => join(folder, name));
  copyFileSync(ticket, plain);
  symlinkSync("plain", link);
  linkSync(plain, hard);
  for (const out of [plain, link, hard, join(folder, ".", "disk", "..", "plain")])
    assert.throws(
      () => outputPath(out, "onnx", [plain]),
      /is the file that is read, .*plain: write to another one$/,
    );
  assert.equal(
    outputPath(join(folder, "other"), "onnx", [plain, join(folder, "gone")]),
    join(folder, "other"),
  );
});

test("a name whose ending says another kind of file is refused; an ending that says nothing is taken", () => {
  const refused: [string, FileKind, RegExp][] = [
    [
      "a.onnx",
      "ticket",
      /^a\.onnx is the name of an ONNX model, and what is written is a ticket: let it end in \.mpt$/,
    ],
    ["a.PT", "onnx", /is the name of a PyTorch checkpoint/],
    ["a.mpt", "html", /is the name of a ticket/],
    ["depth.jsonl", "csv", /is the name of lines of records/],
    ["a.md", "latex", /is the name of Markdown, .* LaTeX: let it end in \.tex/],
    ["", "csv", /must be a file's name, got ""/],
    ["folder/", "csv", /must be a file's name, got "folder\/"/],
    ["-", "csv", /must be a file's name, got "-"/],
    ["--json", "csv", /must be a file's name/],
    [folder, "csv", /^cannot write .*: it is a folder$/],
    [join(ticket, "a.csv"), "csv", /^cannot write .*: ENOTDIR: not a directory$/],
  ];
  for (const [out, kind, message] of refused)
    assert.throws(() => outputPath(out, kind, []), {name: "UserError", message}, out);
  for (const [out, kind] of [
    ["a.mpt", "ticket"],
    ["a.pth", "pytorch"],
    ["a.htm", "html"],
    ["a.txt", "latex"],
    ["a", "onnx"],
    ["/dev/stdout", "csv"],
  ] as const)
    outputPath(out.startsWith("/") ? out : join(folder, out), kind, []);
});

test("commands refuse to write over what they read, before they compute; it stays as it was", () => {
  const [checkpoint, spec] = [join(folder, "model.pth"), join(folder, "spec")];
  copyFileSync(join(root, "test", "golden", "torch", "zip.pth"), checkpoint);
  writeFileSync(spec, '{"arch": "digits", "epochs": 1, "subset": 100}');
  const before = [ticket, checkpoint, spec].map(path => readFileSync(path));
  const bare = join(folder, "bare");
  symlinkSync("digits.mpt", bare);
  for (const args of [
    ["export", ticket, "--format", "onnx", "--out", "bare"],
    ["import", checkpoint, "--keep", "0.4", "--arch", "digits", "--activation", "relu", "--out", "model.pth"],
    ["search", "--spec", spec, "--out", "spec"],
    ["bench-inference", ticket, "--out", "bare"],
    ["ticket", ticket, "--keep", "0.1", "--out", "digits.mpt"],
  ]) {
    const {status, stderr} = multiprize(...args);
    assert.equal(status, 2, stderr);
    assert.match(
      stderr,
      /^multiprize: .*(is the file that is read|is the name of a PyTorch checkpoint).*\n$/,
    );
  }
  assert.deepEqual(
    [ticket, checkpoint, spec].map(path => readFileSync(path)),
    before,
  );
});

test("an export that a full disk ends says so in one line; of a TensorFlow.js model nothing is left that loads", {
  skip: !hasDisk && "only root can mount a small disk",
}, () => {
  const target = join(disk, "model");
  mkdirSync(target);
  writeFileSync(join(target, "model.json"), "an earlier one");
  writeFileSync(join(disk, "filler"), Buffer.alloc(500_000));
  for (const [format, out] of [
    ["tfjs", target],
    ["onnx", join(disk, "model.onnx")],
  ]) {
    const {status, stderr} = multiprize("export", ticket, "--format", format, "--out", out);
    assert.equal(status, 2);
    assert.match(stderr, /^multiprize: cannot write \S+: ENOSPC: no space left on device\n$/);
  }
  assert.deepEqual([readdirSync(disk).sort(), readdirSync(target)], [["filler", "model"], []]);
});
