// Everything between `npm ci` and the first ticket. Safe to run at any time and to interrupt at any time:
// each step looks whether its result is there, and results appear whole or not at all.
import {Failure, notice, red, spoke} from "./setup/log.mjs";
import {removeMine} from "./setup/partial.mjs";
import {endChildren} from "./setup/run.mjs";
import {setUp} from "./setup/steps.mjs";

for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]) {
  process.on(signal, () => {
    endChildren();
    removeMine();
    console.error("\nset-up interrupted; the same command goes on from here");
    process.exit(status);
  });
}

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
try {
  const {backend, notebooks} = await setUp();
  const state = spoke() ? "done" : "nothing to do";
  console.log(`set-up: ${state} (${seconds()} s) · ${backend} · ${notebooks ? "notebooks" : "no notebooks"}`);
} catch (error) {
  removeMine();
  if (!(error instanceof Failure || error instanceof RangeError)) throw error;
  if (spoke()) notice("set-up stopped");
  console.error(`${red("error:")} ${error.message}`);
  process.exitCode = 1;
}
