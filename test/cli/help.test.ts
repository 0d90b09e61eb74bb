import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {join} from "node:path";
import {test} from "node:test";
import type {Command} from "commander";
import {modelsCommand} from "../../src/cli/models";
import {runCommand} from "../../src/cli/run";
import {searchCommand} from "../../src/cli/search";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");

function helpOf(...command: string[]): string {
  const {status, stdout} = spawnSync(process.execPath, [bin, ...command, "--help"], {encoding: "utf8"});
  assert.equal(status, 0, command.join(" "));
  return stdout;
}

const listed = helpOf().split("Commands:\n")[1].split("\n\n")[0];
const commands = [...listed.matchAll(/^ {2}([a-z-]+) /gm)]
  .map(([, name]) => name)
  .filter(name => name !== "help");

test("the help of every command has examples, fits 80 columns and marks defaults in one way", () => {
  assert.ok(commands.length >= 16, commands.join(" "));
  for (const command of [[], ...commands.map(name => [name])]) {
    const help = helpOf(...command);
    assert.match(help, /^Examples?:$/m, command.join());
    for (const line of help.split("\n"))
      assert.ok([...line].length <= 80, `${command.join()}: ${[...line].length} columns: ${line}`);
    const options = help.split(/^(?:Options|[A-Z].*):$/m).filter(part => /^\n +-/.test(part));
    assert.ok(options.length > 0, command.join());
    for (const part of options) {
      const text = part.split("\n\n")[0].replace(/\s+/g, " ");
      assert.doesNotMatch(text, /\[[^\]"]*\]/, `${command.join()}: a default in brackets`);
      assert.doesNotMatch(
        text,
        /\((?!choices: |default: |env: )[^)]*\)/,
        `${command.join()}: a default of another mark`,
      );
    }
  }
});

test("an option that two commands share has one default", () => {
  const usual = (command: Command, flag: string): string | undefined => {
    const option = command.options.find(({long}) => long === flag);
    assert.ok(option, `${command.name()} ${flag}`);
    return String(option.defaultValueDescription ?? option.defaultValue).split(";")[0];
  };
  for (const flag of ["--keep", "--width", "--activation"])
    assert.equal(usual(modelsCommand(), flag), usual(searchCommand(), flag), flag);
  for (const flag of ["--every", "--backend", "--data-dir"])
    assert.equal(usual(runCommand(), flag), usual(searchCommand(), flag), flag);
});
