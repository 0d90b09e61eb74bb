import assert from "node:assert/strict";
import {copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {main} from "../../src/cli";
import {bold, type Printed, printJson, rendered} from "../../src/cli/print";

const folder = mkdtempSync(join(tmpdir(), "multiprize-print-"));
after(() => rmSync(folder, {recursive: true}));

/** Clears the screen, hides the pointer by an 8-bit code, rings, turns the line round. */
const hostile = "a\x1b[2J\x9b?25l\x07\r\u202eb";
// Each call of `main` listens to them for good.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

const steering = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;

interface Said {
  readonly out: string;
  readonly aside: string;
}

/** What is written to both streams meanwhile, as text: the test runner writes bytes of its own. */
async function said(work: () => unknown): Promise<Said> {
  const texts = {out: "", aside: ""};
  const watch = (stream: NodeJS.WriteStream, name: keyof typeof texts): (() => void) => {
    const {write} = stream;
    stream.write = ((text: string | Uint8Array, ...rest: []) => {
      if (typeof text !== "string") return write.call(stream, text, ...rest);
      texts[name] += text;
      return true;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  };
  const ends = [watch(process.stdout, "out"), watch(process.stderr, "aside")];
  try {
    await work();
  } finally {
    for (const end of ends) end();
  }
  return texts;
}

/** A command's words, in this process. */
function command(...argv: readonly string[]): Promise<Said> {
  return said(async () => {
    await main(argv);
    process.exitCode = undefined;
  });
}

test("no command passes on what steers a terminal in names of files, of folders and of what is in them", async () => {
  const place = join(folder, hostile);
  mkdirSync(place);
  const file = join(place, `${hostile}.mpt`);
  writeFileSync(file, hostile);
  writeFileSync(join(place, `${hostile}.jsonl`), '{"format":1,"cut off');
  const calls = [
    ["verify", file],
    ["verify", join(folder, "missing", hostile)],
    ["ticket", file],
    ["ticket", file, file],
    ["evaluate", file],
    ["export", file, "--format", "onnx", "--out", join(place, "x")],
    ["import", file, "--out", join(place, "x")],
    ["search", "--spec", file],
    ["search", "--data", hostile],
    ["search", `--${hostile}`],
    [hostile],
    ["status", "--results", place],
    ["status", "depth", "--results", place],
    ["report", "depth", "--results", place, "--out", join(place, "report.md")],
    ["run", hostile],
    ["run", "depth", "--only", hostile],
  ];
  for (const call of calls) {
    const {out, aside} = await command(...call);
    assert.doesNotMatch(`${out}${aside}`, steering, call[0]);
    if (call.includes(hostile) || call.includes(file))
      assert.match(`${out}${aside}`, /\\x1b\[2J/, call.join(" "));
  }
});

test("a file gets one line, whatever its name: a line of its name passes for no other file's", async () => {
  const ticket = join(__dirname, "..", "..", "data", "tickets", "digits-relu-k0.2.mpt");
  const file = join(folder, "a\nsound.mpt: ok\n");
  writeFileSync(file, "no ticket");
  const {out} = await command("verify", file, ticket);
  const lines = out.split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[0], /a\\x0asound\.mpt: ok\\x0a: damaged: /);
  assert.equal(lines[1], `${ticket}: ok`);
  for (const call of [
    ["ticket", file],
    ["evaluate", file],
    ["search", "--spec", file],
  ]) {
    const {aside} = await command(...call);
    assert.match(aside, /^multiprize: [^\n]*a\\x0asound[^\n]*\n$/, call[0]);
  }
  const copy = join(folder, "b\nc.mpt");
  copyFileSync(ticket, copy);
  const rows = (await command("ticket", copy, ticket)).out;
  assert.equal(
    rows.trimEnd().split("\n").length,
    (await command("ticket", ticket, ticket)).out.trimEnd().split("\n").length,
  );
});

test("JSON keeps such names whole, in JSON's own way to write them", async () => {
  const {out} = await said(() => printJson({file: hostile}));
  assert.doesNotMatch(out, steering);
  assert.deepEqual(JSON.parse(out), {file: hostile});
});

/** Of picocolors' bold, where it paints. */
const colours = ["\x1b[1m", "\x1b[22m"];

test("of a painted text the colour alone is the terminal's", () => {
  const parts: Printed = [bold(hostile), [" \x1b[31m"]];
  const bare = colours.reduce((text, code) => text.replaceAll(code, ""), rendered(parts));
  assert.equal(bare, "a\\x1b[2J\\x9b?25l\\x07\\x0d\\u202eb \\x1b[31m");
});
