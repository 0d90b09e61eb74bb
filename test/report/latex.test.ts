import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {cellsOf} from "../../src/experiments/define/experiment";
import {experiments} from "../../src/experiments/define/experiments";
import {foundIn} from "../../src/experiments/run/findRecords";
import {reportLatex} from "../../src/experiments/show/report";
import {captionedLatex, escapeLatex, tableLatex} from "../../src/report/latex";

test("a LaTeX table has a column a field, and escapes what LaTeX would take for its own", () => {
  const text = tableLatex([{name: "5 % of a_b & {c} #1 ~ ^ \\x", value: 1.5, spread: "67.1 ± 0.2"}]);
  assert.equal(
    text,
    [
      "\\begin{tabular}{@{}lrl@{}}",
      "\\toprule",
      "name & value & spread \\\\",
      "\\midrule",
      "5 \\% of a\\_b \\& \\{c\\} \\#1 \\textasciitilde{} \\textasciicircum{} \\textbackslash{}x & 1.5 & 67.1 $\\pm$ 0.2 \\\\",
      "\\bottomrule",
      "\\end{tabular}",
    ].join("\n"),
  );
});

test("options, quotes, letters of mathematics and notes' numbers are set as they are read", () => {
  assert.equal(escapeLatex("--keep"), "-{}-keep");
  assert.equal(
    escapeLatex('the "gain" of `x`'),
    "the \\textquotedblleft{}gain\\textquotedblright{} of \\textasciigrave{}x\\textasciigrave{}",
  );
  assert.equal(escapeLatex("η·r, Σ|W|, μ"), "$\\eta$$\\cdot$r, $\\Sigma$\\textbar{}W\\textbar{}, $\\mu$");
  assert.equal(escapeLatex("70 ¹²"), "70 $^{12}$");
  assert.equal(escapeLatex("a\x1bb\nc"), "a\\textbackslash{}x1bb c");
});

test("whatever a text holds, no character of it is a command of LaTeX", () => {
  const special = fc.constantFrom(...'\\{}$&#%^_~<>|`"-−²…αΩ\n\x00[*ab ');
  fc.assert(
    fc.property(
      fc.array(special).map(letters => letters.join("")),
      text => {
        const escaped = escapeLatex(text);
        assert.ok(isBalanced(escaped), escaped);
        const bare = escaped.replace(
          /\\[a-zA-Z]+\{\}|\\[&#%_{}$]|\$(?:\\[a-zA-Z]+|-|\^\{\d+\})\$|-\{\}/g,
          ".",
        );
        assert.doesNotMatch(bare, /[\\{}$&#%^_~`"<>|\n\p{Cc}]|---?/u, escaped);
      },
    ),
    {numRuns: 2000},
  );
});

test("a row that begins with a bracket or an asterisk is no option of the line before it", () => {
  const lines = tableLatex([{name: "[1]"}, {name: "*"}, {name: "(1)"}]).split("\n");
  assert.deepEqual(lines.slice(4, 7), ["{}[1] \\\\", "{}* \\\\", "(1) \\\\"]);
  assert.equal(tableLatex([{"[x]": 1}]).split("\n")[2], "{}[x] \\\\");
});

test("a long text is a paragraph whose line ends are not the table's", () => {
  const long = "a text that is far too long for one line of a table";
  const text = tableLatex([{name: long, value: 1}]);
  assert.match(text, /^\\begin\{tabular\}\{@\{\}p\{0\.35\\linewidth\}r@\{\}\}/);
  assert.ok(text.includes(`{\\raggedright ${long}\\par} & 1 \\\\`));
});

test("few rows float, many break over pages, with caption, label and notes in either", () => {
  const rows = Array.from({length: 41}, (_, i) => ({i}));
  const around = {caption: "50 %", label: "some", notes: ["one", "two"]};
  for (const [count, environment] of [
    [40, "table"],
    [41, "longtable"],
  ] as const) {
    const text = captionedLatex(rows.slice(0, count), ["i"], around);
    assert.equal(text.split("\\begin{longtable}").length - 1, Number(environment === "longtable"));
    assert.ok(text.includes("\\caption{50 \\%}\\label{tab:some}"));
    assert.match(text, /one\n.*two/);
    assertSound(text);
  }
});

test("the table of every experiment is sound LaTeX, within a page's width, with each source once below it", () => {
  for (const experiment of experiments) {
    const found = foundIn([], cellsOf(experiment, "laptop"));
    const text = reportLatex(experiment, found);
    assertSound(text);
    // pdfTeX has letters of its own for these alone; others it stops at.
    assert.doesNotMatch(text, /[^\x20-\x7e\n†‡°¡-ÿ]/, experiment.name);
    const notes = text.split("\n").filter(line => line.startsWith("\\par\\smallskip"));
    assert.equal(new Set(notes).size, notes.length);
    const marks = [...text.matchAll(/& [\d.]+[^&]*\$\^\{(\d+)\}\$ \\\\/g)].map(([, mark]) => mark);
    for (const mark of new Set(marks))
      assert.equal(
        notes.filter(note => note.includes(` $^{${mark}}$ `)).length,
        1,
        `${experiment.name} ${mark}`,
      );
    for (const row of text.split("\n").filter(line => line.includes(" & "))) assert.ok(row.length < 180, row);
  }
});

/** Environments and braces close in the order in which they open, and every row has as many cells as columns. */
function assertSound(text: string): void {
  const open: string[] = [];
  for (const [, what, name] of text.matchAll(/\\(begin|end)\{(\w+)\}/g))
    if (what === "begin") open.push(name!);
    else assert.equal(open.pop(), name);
  assert.deepEqual(open, []);
  assert.equal(text.split("\\begingroup").length, text.split("\\endgroup").length);
  assert.ok(isBalanced(text));
  const types = /\\begin\{(?:tabular|longtable)\}\{@\{\}(.*)@\{\}\}/.exec(text)![1]!;
  const columns = types.replace(/p\{[^}]*\}/g, "p").length;
  const rows = text.split("\n").filter(line => line.endsWith(" \\\\"));
  assert.ok(rows.length >= 2);
  for (const row of rows) assert.equal(row.split(/(?<!\\)&/).length, columns, row);
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const [brace] of text.replace(/\\[\\{}]/g, "").matchAll(/[{}]/g)) {
    depth += brace === "{" ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
