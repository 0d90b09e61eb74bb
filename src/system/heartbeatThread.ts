// The thread of heartbeat.ts.
import {parentPort} from "node:worker_threads";
import type {Beats} from "./heartbeat";
import {beat} from "./lockFile";

let held: Beats["held"] = [];
let every: NodeJS.Timeout | undefined;

parentPort!.on("message", (told: Beats) => {
  held = told.held;
  every ??= setInterval(() => {
    held = held.filter(([path, token]) => beat(path, token));
  }, told.milliseconds);
});
