// Other programs: their output is kept for the error message, and they end when the set-up ends.
import {spawn, spawnSync} from "node:child_process";
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

/** Standard output of a quick question to a program, or undefined when it cannot answer. */
export function ask(command, args) {
  const answer = spawnSync(command, args, {encoding: "utf8", timeout: 20_000});
  return answer.status === 0 ? answer.stdout : undefined;
}
