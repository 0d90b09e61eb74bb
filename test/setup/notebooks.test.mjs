import assert from "node:assert/strict";
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {withFormulas} from "../../scripts/notebooks/formulas.mjs";
import {openJupyter} from "../../scripts/notebooks/jupyter.mjs";
import {normalise, serialise} from "../../scripts/notebooks/normalise.mjs";
import {committedProblems, outputProblems} from "../../scripts/notebooks/problems.mjs";
import {solutionProblems, withoutSolutions, withSolutions} from "../../scripts/notebooks/solutions.mjs";
import {root} from "../../scripts/setup/facts.mjs";
import {venvReady} from "../../scripts/setup/venv.mjs";

const code = (source, outputs = [], more = {}) => ({
  cell_type: "code",
  execution_count: null,
  metadata: {},
  outputs,
  source,
  ...more,
});
const notebook = (...cells) => ({cells, metadata: {}, nbformat: 4, nbformat_minor: 5});
const stream = (name, text) => ({output_type: "stream", name, text});

test("normalise removes counts and timings and keeps tags", () => {
  const cell = code("1", [{output_type: "execute_result", execution_count: 7, data: {}, metadata: {}}], {
    id: "good",
    execution_count: 7,
    metadata: {execution: {"iopub.status.busy": "now"}, tags: ["x"]},
  });
  const [made] = normalise(notebook(cell)).cells;
  assert.equal(made.execution_count, null);
  assert.equal(made.outputs[0].execution_count, null);
  assert.deepEqual(made.metadata, {tags: ["x"]});
  assert.equal(made.id, "good");
});

test("normalise gives every cell an id of its own", () => {
  const cells = [
    code("a"),
    code("b", [], {id: "cell-1"}),
    code("c", [], {id: "cell-1"}),
    code("d", [], {id: "no good"}),
  ];
  const ids = normalise(notebook(...cells)).cells.map(cell => cell.id);
  assert.equal(new Set(ids).size, 4);
  assert.ok(ids.every(id => /^[\w-]+$/.test(id)));
});

test("normalise is idempotent and its spelling does not depend on the order of keys", () => {
  const once = normalise(notebook(code("a", [stream("stdout", "x")])));
  assert.equal(serialise(normalise(once)), serialise(once));
  const reversed = JSON.parse(JSON.stringify(once), (_, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value,
  );
  assert.equal(serialise(normalise(reversed)), serialise(once));
});

test("an error and anything on stderr are problems, stdout is not", () => {
  const error = {output_type: "error", ename: "RangeError", evalue: "k"};
  const problems = outputProblems(
    notebook(
      code("a", [stream("stdout", "fine")]),
      code("b", [error]),
      code("c", [stream("stderr", ["no", "t"])]),
    ),
  );
  assert.deepEqual(problems, ["cell 2 (b) raised RangeError: k", "cell 3 (c) wrote to stderr: not"]);
});

test("a cell stored without the output it makes is a problem, a silent one is not", () => {
  const stored = normalise(notebook(code("import x"), code("print")));
  const executed = notebook(code("import x"), code("print", [stream("stdout", "1")]));
  assert.deepEqual(committedProblems(stored, executed).length, 1);
  assert.match(committedProblems(stored, executed)[0], /^cell 2 \(print\) is stored without its output/);
  assert.deepEqual(committedProblems(normalise(executed), executed), []);
});

test("a notebook stored with a widget that runs is a problem", () => {
  const data = {"application/vnd.jupyter.widget-view+json": {model_id: "one"}, "text/plain": "a panel"};
  const stored = normalise(notebook(code("panel", [{output_type: "display_data", metadata: {}, data}])));
  assert.match(committedProblems(stored, stored)[0], /^cell 1 \(panel\) is stored with a widget that runs/);
});

test("a notebook stored with counts is a problem", () => {
  const stored = {...normalise(notebook(code("a")))};
  stored.cells = [{...stored.cells[0], execution_count: 3}];
  assert.match(committedProblems(stored, notebook(code("a")))[0], /--tidy/);
});

const exercise = code("function f() {\n  return undefined; // your code: n\n}", [], {id: "ask"});
const solutionCell = {
  cell_type: "markdown",
  source: "Either\n\n```ts\nconst one = 1;\nreturn one;\n```\n\nor `return 1;`, in `code`.",
};

test("every solution of an exercise is put in its place, and the notebook is the same without them", () => {
  const asked = notebook(exercise, solutionCell);
  const solved = withSolutions(asked);
  assert.deepEqual(
    solved.cells.map(({source}) => source),
    [
      exercise.source,
      "function f() {\nconst one = 1;\nreturn one;\n\n}",
      "function f() {\nreturn 1;\n}",
      solutionCell.source,
    ],
  );
  assert.deepEqual(withoutSolutions(solved), asked);
});

test("a solution that its cell does not find right is a problem, and so is one that says nothing", () => {
  const solved = withSolutions(notebook(exercise, solutionCell));
  const say = (...words) => ({
    ...solved,
    cells: solved.cells.map((cell, i) => ({...cell, outputs: words[i] ? [stream("stdout", words[i])] : []})),
  });
  assert.deepEqual(solutionProblems(say("not yet", "right\n", "right\n")), []);
  assert.deepEqual(solutionProblems(say("not yet", "right\n", "not yet\n")), [
    'solution to cell 1-2 is not right: "not yet"',
  ]);
  assert.equal(solutionProblems(say("not yet", "", "right")).length, 1);
});

test("each lesson has an exercise with a solution that can be tried", () => {
  const folder = join(root, "notebooks");
  const lessons = readdirSync(folder).filter(name => /^(0|2)\d-.*\.ipynb$/.test(name));
  assert.ok(lessons.length >= 14);
  for (const name of lessons) {
    const stored = JSON.parse(readFileSync(join(folder, name), "utf8"));
    assert.ok(withSolutions(stored).cells.length > stored.cells.length, name);
  }
});

const needsVenv = {skip: venvReady() ? false : "NO .venv: the set-up says why"};

test("an exported page shows the stored outputs, wraps long code and loads nothing", needsVenv, async () => {
  const folder = mkdtempSync(join(tmpdir(), "multiprize-page-"));
  const file = join(folder, "small.ipynb");
  const kernelspec = {name: "tslab", display_name: "TypeScript", language: "typescript"};
  const cell = code("const shown = 1;", [stream("stdout", "a stored output, $x$")], {id: "one"});
  const text = "Where $|x| < 1$ and $a_i \\ge b$:\n\n$$\\sum_i x_i^2$$\n\nIt costs 5 $, or 6 $; `$code$`.";
  const prose = {cell_type: "markdown", id: "two", metadata: {}, source: text};
  writeFileSync(file, JSON.stringify({...notebook(prose, cell), metadata: {kernelspec}}));
  const jupyter = openJupyter();
  try {
    await jupyter.render(file, folder);
    const page = readFileSync(join(folder, "small.html"), "utf8");
    assert.ok(page.includes("a stored output, $x$"));
    assert.equal(page.match(/<math/g)?.length, 3, "three formulas, set without a script");
    assert.match(page, /<math[^>]*display="block"[\s\S]*?∑/);
    assert.match(page, /5 \$, or 6 \$/, "a price is no formula");
    assert.match(page, /<code>\$code\$<\/code>/);
    const [head] = page.split("</head>");
    assert.match(head, /\.jp-InputArea pre\{white-space:pre-wrap/);
    assert.doesNotMatch(page, /<script[^>]* src="https?:/);
  } finally {
    jupyter.close();
    rmSync(folder, {recursive: true});
  }
});

test(
  "what a cell prints, answers or fails with is text in its page, whatever markup is in it",
  needsVenv,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "multiprize-page-"));
    const file = join(folder, "marked.ipynb");
    const hostile = name =>
      `${name}</pre><script>window.ran = 1</script><img src=x onerror=alert(1)>\u001b[31mred\u001b[0m`;
    const outputs = [
      stream("stdout", hostile("out")),
      {
        output_type: "execute_result",
        execution_count: 1,
        metadata: {},
        data: {"text/plain": hostile("answer")},
      },
      {output_type: "error", ename: hostile("name"), evalue: "value", traceback: [hostile("trace")]},
    ];
    writeFileSync(
      file,
      JSON.stringify(notebook(code("f(`</code><script>1</script>`)", outputs, {id: "one"}))),
    );
    const jupyter = openJupyter();
    try {
      await jupyter.render(file, folder);
      const [, body] = readFileSync(join(folder, "marked.html"), "utf8").split("</head>");
      for (const name of ["out", "answer", "trace"])
        assert.ok(body.includes(`${name}&lt;/pre&gt;&lt;script&gt;window.ran`), name);
      assert.doesNotMatch(body, /<script>(?:window\.ran|1)|<img src=x/);
      assert.ok(!body.includes("\u001b"));
      assert.match(body, /<span class="ansi-red-fg">red<\/span>/);
    } finally {
      jupyter.close();
      rmSync(folder, {recursive: true});
    }
  },
);

test(
  "a notebook that cannot be converted is told, and the next one is converted all the same",
  needsVenv,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "multiprize-page-"));
    const [broken, good] = ["broken.ipynb", "good.ipynb"].map(name => join(folder, name));
    writeFileSync(broken, "{");
    writeFileSync(good, JSON.stringify(notebook(code("1", [stream("stdout", "seen")], {id: "one"}))));
    const jupyter = openJupyter();
    try {
      const [first, second] = await Promise.allSettled(
        [broken, good].map(file => jupyter.render(file, folder)),
      );
      assert.match(first.reason.message, /JSON/);
      assert.equal(second.status, "fulfilled");
      assert.ok(readFileSync(join(folder, "good.html"), "utf8").includes("seen"));
    } finally {
      jupyter.close();
      rmSync(folder, {recursive: true});
    }
  },
);

test("a formula that cannot be set is an error, not a gap in the page", () => {
  const cell = '<div class="jp-Cell jp-MarkdownCell"><p>$\\nosuch{x}$</p></div>';
  assert.throws(() => withFormulas(cell), /nosuch/);
});
