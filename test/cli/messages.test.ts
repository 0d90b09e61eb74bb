import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {join} from "node:path";
import {test} from "node:test";
import {InvalidArgumentError} from "commander";
import {shardOption} from "../../src/cli/experimentOptions";
import {decodeTicket} from "../../src/ticket/decode";
import {damageText, TicketError} from "../../src/ticket/ticketError";

const root = join(__dirname, "..", "..");
const multiprize = (...args: string[]): {status: number | null; stdout: string; stderr: string} =>
  spawnSync(process.execPath, [join(root, "bin", "multiprize.js"), ...args], {encoding: "utf8", cwd: root});

test("a file that is no ticket is not called a damaged one, and a checkpoint is sent to import", () => {
  const refused = (bytes: Uint8Array, path: string): string => {
    try {
      decodeTicket(bytes);
    } catch (error) {
      if (error instanceof TicketError) return damageText(path, error);
    }
    return assert.fail("nothing was refused");
  };
  const text = Buffer.from("# a text of more than sixteen bytes, which no ticket is");
  assert.equal(refused(text, "README.md"), "README.md is not a ticket file (.mpt)");
  assert.match(refused(text, "model_best.pth.tar"), /multiprize import makes one of a checkpoint$/);
  assert.equal(refused(new Uint8Array(), "a.mpt"), "a.mpt is damaged: the file is empty");
  const {status, stderr} = multiprize("ticket", "README.md");
  assert.deepEqual([status !== 0, stderr.includes("damaged")], [true, false]);
  assert.match(stderr, /README.md is not a ticket file/);
});

test("a part of a sweep that counts from 0 is told how to count, and an empty part is no failure", () => {
  assert.deepEqual(shardOption("2/3"), {i: 2, n: 3});
  assert.throws(
    () => shardOption("0/4"),
    (error: Error) => {
      assert.ok(error instanceof InvalidArgumentError);
      return /Parts count from 1: .*\$\(\(INDEX \+ 1\)\)\/4/.test(error.message);
    },
  );
  for (const wrong of ["5/4", "1/0", "1", "a/b", "-1/4", "1/2/3", "0x1/2", " 1/2", "1e0/2", "1/2 ", "/"])
    assert.throws(() => shardOption(wrong), /such as 2\/3/);
  const {status, stdout} = multiprize("run", "pilot", "--preset", "smoke", "--shard", "500/500");
  assert.equal(status, 0);
  assert.match(stdout, /^part 500\/500 has none of the \d+ cells: nothing to do\n$/);
});

test("evaluate takes several tickets, a line each", () => {
  const files = ["relu", "sign"].map(kind => `data/tickets/digits-${kind}-k0.2.mpt`);
  const {status, stdout, stderr} = multiprize("evaluate", ...files, "--images", "20", "--json");
  assert.equal(status, 0, stderr);
  const lines = stdout
    .trim()
    .split("\n")
    .map(line => JSON.parse(line) as {file: string; images: number});
  assert.deepEqual(
    lines.map(({file, images}) => [file, images]),
    files.map(file => [file, 20]),
  );
});
