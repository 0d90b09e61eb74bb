// What the compiler has against a cell, with the lines it is about and the words that would do.

const MOST_WORDS = 40;

/**
 * Its messages as one text. Lines and columns count from 1; the last of several about one place says most.
 * `complete(source, offset)` is the kernel's completion: inside a text it offers the texts that fit there, inside a
 * property's name the names that there are.
 */
function typeProblems(source, problems, complete) {
  const places = new Map(problems.map(problem => [`${problem.line}:${problem.column}`, problem]));
  return [...places.values()].map(problem => typeProblem(source, problem, complete)).join("\n");
}

function typeProblem(source, {line, column, message}, complete) {
  const text = source.split("\n")[line - 1] ?? "";
  const pointer = `${text.slice(0, column - 1).replace(/[^\t]/g, " ")}^`;
  const unknown = /'([^']+)' does not exist in type/.exec(message)?.[1];
  const at = offsetOf(source, line, column);
  const offered = (offset, kinds) => wordsAt(source, offset, kinds, complete);
  const lines = [`line ${line}: ${unknown ? `there is no property "${unknown}" here` : message}`];
  lines.push(`  ${text}`, `  ${pointer}`);
  if (unknown) lines.push(...sentence("valid here", offered(at + 1, ["property", "method"])));
  else if (/is not assignable to|No overload matches/.test(message)) {
    const inside = textAt(source, at);
    const words = inside === undefined ? [] : offered(inside, ["string"]);
    lines.push(
      ...sentence(
        "valid words",
        words.map(name => JSON.stringify(name.replace(/^["']|["']$/g, ""))),
      ),
    );
  }
  return lines.join("\n");
}

function wordsAt(source, offset, kinds, complete) {
  try {
    const entries = complete(source, offset).original?.entries ?? [];
    return entries.filter(({kind}) => kinds.includes(kind)).map(({name}) => name);
  } catch {
    // The compiler's completion fails on some unfinished code; its message alone then has to do.
    return [];
  }
}

function sentence(what, words) {
  return words.length === 0 || words.length > MOST_WORDS ? [] : [`  ${what}: ${words.join(", ")}`];
}

function offsetOf(source, line, column) {
  const before = source.split("\n").slice(0, line - 1);
  return before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
}

/** Inside the text that begins at `start`, or that is the value of the property that begins there. */
function textAt(source, start) {
  const found = /^(?:(?:[\w$]+|"[^"]*"|'[^']*')\s*:\s*)?["'`]/.exec(source.slice(start));
  return found ? start + found[0].length : undefined;
}

module.exports = {typeProblems};
