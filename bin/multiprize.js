#!/usr/bin/env node

// The command `multiprize`. `doctor` needs nothing but Node; everything else is the compiled package.
const {existsSync} = require("node:fs");
const {join} = require("node:path");

const [command, ...rest] = process.argv.slice(2);
const cli = join(__dirname, "..", "dist", "cli.js");

if (command === "doctor") {
  require("./doctor.js")
    .doctor(rest)
    .then(status => {
      process.exitCode = status;
    });
} else if (!existsSync(cli)) {
  console.error(
    "multiprize is not built yet: run `npm run setup` (and `npm ci` before it), or `npx multiprize doctor`",
  );
  process.exitCode = 2;
} else {
  require(cli).main(process.argv.slice(2));
}
