// A kernel whose Jupyter was killed would compute on for nobody: it ends itself when its parent is another than at its
// start. A thread of its own looks, since a cell may be busy for minutes.
const {isMainThread, Worker} = require("node:worker_threads");

const watch = `
  const {workerData} = require("node:worker_threads");
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, "SIGKILL");
  }, workerData.everyMs);
`;

function endWithParent(everyMs = 2000) {
  if (!isMainThread) return;
  const workerData = {parent: process.ppid, everyMs};
  // Without execArgv the thread would load this file again, and all of tslab.
  new Worker(watch, {eval: true, workerData, execArgv: [], stdin: false}).unref();
}

module.exports = {endWithParent};
