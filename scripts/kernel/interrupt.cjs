// Interrupt, as JupyterLab's stop button and Ctrl-C in a console send it: SIGINT.
const {EventEmitter} = require("node:events");

const graceMs = 10_000;

/**
 * Keeps the first SIGINT listener (tslab's) on the process and every later one on an emitter of its own.
 * tslab runs a cell's synchronous part under `breakOnSigint`, which takes all listeners off and puts them back;
 * one that a cell adds meanwhile confuses the count, and the next SIGINT would end the kernel.
 */
function separateListeners(process) {
  const later = new EventEmitter();
  const add = {};
  let first;
  for (const method of ["on", "addListener", "once", "prependListener", "prependOnceListener"]) {
    add[method] = process[method];
    process[method] = function (event, listener) {
      if (event === "SIGINT") first ??= listener;
      if (event !== "SIGINT" || listener === first) return add[method].call(this, event, listener);
      later[method](event, listener);
      return this;
    };
  }
  for (const method of ["off", "removeListener"]) {
    const remove = process[method];
    process[method] = function (event, listener) {
      if (event === "SIGINT") later.off(event, listener);
      return remove.call(this, event, listener);
    };
  }
  return later;
}

/**
 * If the cell's code listens to SIGINT, it is told and given `grace` to come to its own end; a second interrupt, or
 * the end of that time, ends the cell the hard way. Without such a listener tslab does what it always did. A cell that
 * came to its own end by an interrupt calls `onStopped`.
 */
function politeInterrupt(executor, listeners, {grace = graceMs, onStopped = () => {}} = {}) {
  const create = executor.createExecutor;
  executor.createExecutor = (...args) => {
    const made = create(...args);
    const {execute, interrupt} = made;
    let timer;
    let told = false;
    const disarm = () => {
      clearTimeout(timer);
      timer = undefined;
    };
    const insist = () => {
      disarm();
      interrupt();
    };
    made.interrupt = () => {
      if (timer !== undefined || listeners.listenerCount("SIGINT") === 0) return insist();
      timer = setTimeout(insist, grace);
      told = true;
      listeners.emit("SIGINT", "SIGINT");
    };
    made.execute = async source => {
      told = false;
      try {
        return await execute(source);
      } finally {
        disarm();
        if (told) onStopped();
      }
    };
    return made;
  };
}

module.exports = {politeInterrupt, separateListeners};
