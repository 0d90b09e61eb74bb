// What a cell says when something is wrong: what its reader can do something about, and no more.
const {inspect} = require("node:util");
const {typeProblems} = require("./types.cjs");

const isPlumbing = file =>
  /[\\/]node_modules[\\/](@tslab|tslab)[\\/]|^node:|[\\/]scripts[\\/]kernel[\\/]/.test(file ?? "");
const isCell = file => file?.startsWith("evalmachine.") ?? false;

/**
 * Stacks end at the cell: what runs cells is nobody's code. A cell's own frames lose their line numbers, which count in
 * the JavaScript that became of it.
 */
function endStacksAtCell(ErrorClass) {
  ErrorClass.prepareStackTrace = (error, frames) => {
    const files = frames.map(frame => frame.getFileName() ?? frame.getScriptNameOrSourceURL?.());
    const last = files.findLastIndex(isCell);
    const kept = frames.slice(0, last < 0 ? frames.length : last + 1).filter((_, i) => !isPlumbing(files[i]));
    const lines = kept.map(frame => `\n    at ${frame}`.replace(/evalmachine\.<anonymous>(:\d+)*/, "a cell"));
    return `${headOf(error)}${[...new Set(lines)].join("")}`;
  };
}

function headOf(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** An error as a cell shows it: a mistake of the person at the keyboard in one line, anything else with its stack. */
function errorText(error) {
  if (!(error instanceof Error)) return inspect(error);
  // tslab made it when it started, so its stack says nothing.
  if (error.message === "Interrupted asynchronously")
    return "Interrupted: the cell has ended; what it began and nobody stops runs on";
  return error.name === "UserError" || error.name === "Interrupted"
    ? `${error.name}: ${error.message}`
    : inspect(error);
}

/** Node's handles of its event loop: a timer, a socket, a process. Their insides say nothing about a result. */
const isHandle = value =>
  ["Timeout", "Immediate"].includes(value?.constructor?.name) ||
  value instanceof require("node:events").EventEmitter;

/** What a cell's last expression came to, as its output. */
function resultText(value) {
  if (isHandle(value)) return `[${value.constructor.name}]`;
  return typeof value === "string" ? value : inspect(value);
}

/**
 * Every executor made from now on tells so what its cells come to, what they throw, and what the compiler has against
 * them. tslab writes all three to the console that it is given: a value, an error, or a message with its place.
 */
function tellInCells(executor) {
  const create = executor.createExecutor;
  executor.createExecutor = (folder, converters, output) => {
    let problems = [];
    const console = {
      log: value => output.log(resultText(value)),
      error(...args) {
        if (args.length === 1) return output.error(errorText(args[0]));
        const [, file, line, column, message] = args;
        // Of another module the text is not at hand.
        if (file) output.error(`${file}${line}:${column} - ${message}`);
        else problems.push({line, column, message});
      },
    };
    const made = create(folder, converters, console);
    const {execute} = made;
    made.execute = async source => {
      problems = [];
      const ok = await execute(source);
      const complete = (text, at) => made.complete(text, at);
      if (problems.length > 0) output.error(typeProblems(source, problems, complete));
      return ok;
    };
    return made;
  };
}

module.exports = {endStacksAtCell, errorText, resultText, tellInCells};
