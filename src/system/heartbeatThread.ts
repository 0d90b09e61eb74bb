// The thread of heartbeat.ts.
import {parentPort} from "node:worker_threads";
import type {Beats} from "./heartbeat";
import {beat} from "./lockFile";

let held: Beats["held"] = [];

parentPort!.on("message", (told: Beats) => {
  held = told.held;
});
parentPort!.once("message", ({milliseconds}: Beats) => {
  setInterval(() => {
    held = held.filter(([path, token]) => beat(path, token));
  }, milliseconds);
});
