import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {searchSpec} from "../../src/search/defaults";
import type {SearchSpec} from "../../src/search/spec";
import {readTicket} from "../../src/ticket/file";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");
const checkpoints = join(__dirname, "..", "..", "..", "shared", "reference-checkpoints");
const folder = mkdtempSync(join(tmpdir(), "multiprize-ticket-"));
after(() => rmSync(folder, {recursive: true}));
const file = join(folder, "below", "digits.mpt");

function multiprize(...args: string[]): {status: number | null; stdout: string; stderr: string} {
  return spawnSync(process.execPath, [bin, ...args], {encoding: "utf8", cwd: folder});
}

before(() => {
  const small = ["--keep", "0.2", "--width", "0.5", "--epochs", "1", "--subset", "500", "--seed", "5"];
  const {status, stdout, stderr} = multiprize(
    "search",
    ...small,
    "--out",
    file,
    "--ranks",
    "0.5,0.1",
    "--json",
  );
  assert.equal(status, 0, stderr);
  const done = JSON.parse(stdout.trim().split("\n").at(-1)!) as {ticket: object};
  assert.deepEqual(done.ticket, {file, bytes: readFileSync(file).length});
});

test("search --out leaves one file, the ticket, that says where it comes from", () => {
  assert.deepEqual(readdirSync(join(folder, "below")), ["digits.mpt"]);
  const {network, provenance, signs} = readTicket(file);
  assert.deepEqual(network, {arch: "digits", activation: "relu", width: 0.5, classes: 10});
  assert.equal(signs.kind === "seed" && signs.seed, 5);
  assert.equal(provenance.dataset, "mnist");
  assert.equal(provenance.epochs, 1);
  assert.equal(provenance.testImages, 2000);
  const spec = provenance.spec as unknown as SearchSpec;
  assert.deepEqual(searchSpec(spec), spec);
  assert.deepEqual([spec.subset, spec.seed, spec.epochs], [500, 5, 1]);
  assert.match(String(provenance.commit), /^([0-9a-f]{40}( with changes)?|unknown( with changes)?)$/);
});

test("ticket --json accounts for every byte of the file", () => {
  const {status, stdout} = multiprize("ticket", file, "--json");
  assert.equal(status, 0);
  const sizes = JSON.parse(stdout) as Record<string, number>;
  const {
    weights,
    kept,
    entropyBits,
    maskBits,
    gainBytes,
    batchNormBytes,
    rankBytes,
    headerBytes,
    totalBytes,
  } = sizes;
  assert.equal(weights, 206_736);
  assert.equal(kept, 41_348);
  assert.ok(maskBits <= 1.01 * entropyBits + 64 * 8 * 4, `${maskBits} of ${entropyBits}`);
  assert.equal(gainBytes, 16);
  assert.equal(maskBits / 8 + gainBytes + batchNormBytes + rankBytes + headerBytes, totalBytes);
  assert.equal(totalBytes, readFileSync(file).length);
  assert.equal(sizes.float32Bytes, 4 * weights);
});

test("ticket prints where the bytes go, and moves the ticket to another keep fraction", () => {
  const shown = multiprize("ticket", file, "--layers").stdout;
  for (const words of [
    "MPT-1/32",
    "masks",
    "total",
    "n·H(k)",
    "1 bit a weight",
    "float32",
    "fc1",
    "k = 0.1, 0.5",
    "searched by recipe: reference\n",
  ]) {
    assert.ok(shown.includes(words), words);
  }
  const moved = join(folder, "moved.mpt");
  assert.equal(multiprize("ticket", file, "--keep", "0.1", "--out", moved).status, 0);
  assert.equal(readTicket(moved).selection.keepFraction, 0.1);
});

test("ticket lists several files, in text, Markdown and JSON", () => {
  const moved = join(folder, "below", "moved.mpt");
  assert.equal(multiprize("ticket", file, "--keep", "0.1", "--out", moved).status, 0);
  const [titles, , first, second] = multiprize("ticket", file, moved).stdout.split("\n");
  assert.match(titles, /^file +network +kind +k +recipe +data set +images +epochs +test accuracy/);
  assert.match(
    first,
    /^digits.mpt +digits × 0.5 +MPT-1\/32 +0.2 +reference +mnist +500 +1 +\d+\.\d\d +2,000 +[\d,]+ +826,944$/,
  );
  assert.match(second, /^moved.mpt .* 0.1 +reference +mnist +500 +1 +\? /);
  assert.match(
    multiprize("ticket", file, "--markdown").stdout,
    /^\| file \|.*\n\| --- \|.*\n\| digits.mpt \|.*\n$/,
  );
  const rows = JSON.parse(multiprize("ticket", file, moved, "--json").stdout) as {
    bytes: number;
    recipe: string;
  }[];
  assert.deepEqual(
    rows.map(({bytes, recipe}) => [bytes, recipe]),
    [file, moved].map(path => [readFileSync(path).length, "reference"]),
  );
  assert.equal(multiprize("ticket", file, moved, "--layers").status, 2);
  rmSync(moved);
});

test("verify has a line for every file, and status 1 if one is damaged, 2 if one cannot be read", () => {
  const damaged = join(folder, "damaged.mpt");
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] ^= 4;
  writeFileSync(damaged, bytes);
  const {status, stdout} = multiprize("verify", file, damaged, "none.mpt");
  assert.equal(status, 2);
  const lines = stdout.trim().split("\n");
  assert.equal(lines[0], `${file}: ok`);
  assert.equal(lines[1], `${damaged}: damaged: the checksum does not fit: bytes have changed`);
  assert.match(lines[2], /^none.mpt: cannot be read: ENOENT/);
  assert.equal(multiprize("verify", damaged, file).status, 1);
  assert.equal(multiprize("verify", file).status, 0);
});

test("what cannot be done is said in one line, before any work", () => {
  const wrong: [string[], RegExp][] = [
    [["ticket", "none.mpt"], /cannot read none.mpt/],
    [["ticket", "\x1b[2J\x07.mpt"], /cannot read \\x1b\[2J\\x07.mpt/],
    [["evaluate", "/dev/zero"], /cannot read \/dev\/zero: it is a device or a pipe/],
    [["ticket", file, "--keep", "0.3", "--out", "x.mpt"], /keep fractions 0.1, 0.5, not 0.3/],
    [["ticket", file, "--keep", "0.1"], /takes both/],
    [["search", "--method", "dense", "--out", "x.mpt"], /dense leaves real weights/],
    [["search", "--ranks", "0.1"], /--ranks needs --out/],
    [["search", "--out", "x.mpt", "--ranks", "0,1"], /shares above 0/],
    [["search", "--out", folder], /it is a folder/],
    [["import", file, "--keep", "0.2", "--out", "x.mpt"], /it is a ticket file already/],
    [["import", "none.pth", "--keep", "0.2", "--out", "x.mpt"], /cannot read none.pth/],
  ];
  for (const [args, pattern] of wrong) {
    const {status, stderr} = multiprize(...args);
    assert.equal(status, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, pattern);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
  assert.ok(!existsSync(join(folder, "x.mpt")));
});

const skip = existsSync(checkpoints) ? false : "the checkpoints do not lie beside this project";
test("import turns a checkpoint of the reference into a ticket file", {skip}, () => {
  const out = join(folder, "imported.mpt");
  const source = join(checkpoints, "conv4wide-0.25.pth");
  const {status, stdout, stderr} = multiprize("import", source, "--keep", "0.3", "--out", out);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /conv4 \(relu\), 45,713 of 152,368 weights kept/);
  assert.equal(multiprize("verify", out).stdout, `${out}: ok\n`);
});
