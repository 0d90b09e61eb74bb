#!/usr/bin/env node

// The command `multiprize`. `doctor` needs nothing but Node; everything else is the compiled package.
const {existsSync} = require("node:fs");
const {join} = require("node:path");

// Node would open a debugger's port at SIGUSR1, a batch system's warning; a listener that is taken away again leaves the
// signal to the system, which ends the process.
const onWarning = () => {};
process.on("SIGUSR1", onWarning).removeListener("SIGUSR1", onWarning);

const [command, ...rest] = process.argv.slice(2);
const cli = join(__dirname, "..", "dist", "cli.js");

if (command === "doctor") {
  // Its status tells, whether somebody reads on or not; a full disk does not keep what was asked for.
  let lost = false;
  process.stdout.on("error", ({code, message}) => {
    if (code === "EPIPE" || lost) return;
    lost = true;
    console.error(`multiprize: cannot write the output: ${message}`);
    process.exitCode = 2;
  });
  require("./doctor.js")
    .doctor(rest)
    .then(status => {
      process.exitCode = lost ? 2 : status;
    });
} else if (!existsSync(cli)) {
  console.error(
    "multiprize is not built yet: run `npm run setup` (and `npm ci` before it), or `npx multiprize doctor`",
  );
  process.exitCode = 2;
} else {
  require(cli).main(process.argv.slice(2));
}
