// Other programs: their output is kept for the error message, and they end when the set-up ends.
import {spawn, spawnSync} from "node:child_process";
import {createInterface} from "node:readline";
import {Failure} from "./log.mjs";

const children = new Set();

/** End what is still running (on Ctrl-C). */
export function endChildren() {
  for (const child of children) child.kill("SIGTERM");
}

/** Run to the end; throws a Failure with the last lines it printed. `inherit` shows its output as it comes. */
export function run(command, args, {cwd, env, inherit = false, onLine, input} = {}) {
  return new Promise((resolve, reject) => {
    const stdio = inherit
      ? ["ignore", "inherit", "inherit"]
      : [input === undefined ? "ignore" : "pipe", "pipe", "pipe"];
    const child = spawn(command, args, {cwd, env: {...process.env, ...env}, stdio});
    children.add(child);
    let output = "";
    const keep = text => {
      output += text;
      const line = text.trimEnd().split("\n").at(-1)?.trim();
      if (line) onLine?.(line);
    };
    child.stdout?.setEncoding("utf8").on("data", keep);
    child.stderr?.setEncoding("utf8").on("data", keep);
    if (input !== undefined) child.stdin.end(input);
    child.on("error", error => {
      children.delete(child);
      reject(new Failure(`${command}: ${error.message}`));
    });
    child.on("close", (status, signal) => {
      children.delete(child);
      if (status === 0) return resolve(output);
      const tail = output.trimEnd().split("\n").slice(-25).join("\n");
      reject(new Failure(`${command} ended with ${signal ?? `status ${status}`}${tail ? `:\n${tail}` : ""}`));
    });
  });
}

/**
 * A program that answers each line of JSON with another: `ask` tells it one and gives what it answers, `close` lets it
 * end. What it writes to standard error is shown.
 */
export function answering(command, args, {env} = {}) {
  const child = spawn(command, args, {env: {...process.env, ...env}, stdio: ["pipe", "pipe", "inherit"]});
  children.add(child);
  const waiting = [];
  let gone;
  const end = failure => {
    children.delete(child);
    gone ??= failure;
    for (const {reject} of waiting.splice(0)) reject(gone);
  };
  child.on("error", error => end(new Failure(`${command}: ${error.message}`)));
  child.on("close", (status, signal) =>
    end(new Failure(`${command} ended with ${signal ?? `status ${status}`}`)),
  );
  child.stdin.on("error", () => {}); // It has ended, which is told above.
  createInterface({input: child.stdout}).on("line", line => waiting.shift()?.resolve(JSON.parse(line)));
  return {
    ask: question =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        waiting.push({resolve, reject});
        child.stdin.write(`${JSON.stringify(question)}\n`);
      }),
    close: () => child.stdin.end(),
  };
}

/** Standard output of a quick question to a program, or undefined when it cannot answer. */
export function ask(command, args) {
  const answer = spawnSync(command, args, {encoding: "utf8", timeout: 20_000});
  return answer.status === 0 ? answer.stdout : undefined;
}
