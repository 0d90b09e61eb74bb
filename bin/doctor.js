// multiprize doctor: what is there, what is missing, what to do about it. Works before `npm ci`.
const {existsSync} = require("node:fs");
const {join} = require("node:path");

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const marks = {ok: paint(32, "ok     "), missing: paint(31, "missing"), note: paint(33, "note   ")};

function print({groups, ready, summary}) {
  console.log(paint(1, "multiprize doctor"));
  for (const {title, items} of groups) {
    console.log(`\n  ${paint(1, title)}`);
    for (const {state, text, fix} of items) {
      console.log(`    ${marks[state]}  ${text}`);
      if (fix) console.log(paint(2, `             -> ${fix}`));
    }
  }
  console.log(`\n  ${paint(ready ? 32 : 31, summary)}`);
}

const usage = `Usage: multiprize doctor [--json]

Say what this machine has, what is missing, what to do. Works before anything is
set up.

Options:
  --json      one JSON object
  -h, --help  display help for command

Exit status 0 when a search can run now, 1 when not.

Example:
  multiprize doctor`;

/** Exit status: 0 when a search can run now, 1 when not, 2 for a bad flag. */
async function doctor(flags) {
  if (flags.includes("--help") || flags.includes("-h")) {
    console.log(usage);
    return 0;
  }
  const unknown = flags.find(flag => flag !== "--json");
  if (unknown) {
    console.error(`multiprize: doctor knows no "${unknown}"; valid: --json`);
    return 2;
  }
  const report = await reportOf();
  if (flags.includes("--json")) console.log(JSON.stringify(report));
  else print(report);
  return report.ready ? 0 : 1;
}

/** A clone has the scripts that set it up; a package has none. */
async function reportOf() {
  const scripts = join(__dirname, "..", "scripts", "setup", "examine.mjs");
  if (!existsSync(scripts)) return require("./packageReport.js").packageReport();
  const {examine} = await import("../scripts/setup/examine.mjs");
  return examine();
}

module.exports = {doctor};
