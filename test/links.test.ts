import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {dirname, join, normalize} from "node:path";
import {test} from "node:test";

const root = join(__dirname, "..");
const inFolder = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith(ending))
    .sort()
    .map(name => join(folder, name));
const notebooks = inFolder("notebooks", ".ipynb");
const documents = ["README.md", "data/tickets/README.md", ...inFolder("docs", ".md")];

/** The prose of a page: of a notebook, its text cells. */
const prose = (page: string): string => {
  const text = readFileSync(join(root, page), "utf8");
  if (!page.endsWith(".ipynb")) return text;
  const {cells} = JSON.parse(text) as {cells: {cell_type: string; source: string | string[]}[]};
  return cells
    .filter(cell => cell.cell_type === "markdown")
    .map(cell => [cell.source].flat().join(""))
    .join("\n\n");
};
const withoutCode = (text: string): string =>
  text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
const linksOf = (page: string): string[] =>
  [...withoutCode(prose(page)).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|<a href="([^"]+)"/g)].map(
    found => found[1] ?? found[2]!,
  );

/** The places of a page that a link can name, as code hosts and JupyterLab make them of headings. */
function placesOf(page: string): Set<string> {
  const headings = [...prose(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => title!.trim());
  const plain = (title: string): string => title.replace(/[*`$]|\[([^\]]*)\]\([^)]*\)/g, "$1");
  const hosted = (title: string): string =>
    plain(title)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
  return new Set(
    headings
      .flatMap(title => [hosted(title), plain(title).replace(/\s/g, "-")])
      .concat([...prose(page).matchAll(/(?:id|name)="([^"]+)"/g)].map(([, id]) => id!)),
  );
}

test("every internal link of a notebook and of a page of the documentation leads somewhere", () => {
  const broken: string[] = [];
  let followed = 0;
  for (const page of [...documents, ...notebooks])
    for (const link of linksOf(page)) {
      if (/^[a-z][a-z+.-]*:/.test(link)) continue;
      followed++;
      const [file, place] = link.split("#");
      const target = file === "" ? page : normalize(join(dirname(page), decodeURI(file!)));
      if (target.startsWith("..") || !existsSync(join(root, target))) broken.push(`${page}: ${link}`);
      else if (place && /\.(md|ipynb)$/.test(target) && !placesOf(target).has(decodeURI(place)))
        broken.push(`${page}: ${link} (no such heading)`);
    }
  assert.deepEqual(broken, []);
  assert.ok(followed > 150, `only ${followed} links were seen`);
});

const lessons = notebooks.filter(page => /\/(?:0\d|2\d)-/.test(page));

test("each lesson leads to the one before and after it, at its head and at its foot, and to words and letters", () => {
  for (const [n, page] of lessons.entries()) {
    const beside = [lessons[n - 1], lessons[n + 1]].filter(each => each !== undefined);
    const wanted = [
      ...beside.map(each => each.slice("notebooks/".length)),
      "../docs/glossary.md",
      "../docs/notation.md",
    ];
    const lines = prose(page).trim().split("\n");
    for (const line of [lines[0]!, lines.at(-1)!]) {
      const links = [...line.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
      assert.deepEqual(links, wanted, `${page}: ${line}`);
    }
  }
});

test("each lesson says how long it takes and what it needs, and has an exercise that checks itself", () => {
  for (const page of lessons) {
    assert.match(prose(page).slice(0, 3000), /minutes|an hour/, page);
    const {cells} = JSON.parse(readFileSync(join(root, page), "utf8")) as {
      cells: {cell_type: string; source: string | string[]; outputs: {text?: string | string[]}[]}[];
    };
    const texts = cells.map(cell => [cell.source].flat().join(""));
    const at = texts.findIndex((text, i) => cells[i]!.cell_type === "code" && text.includes("// your code"));
    assert.ok(at > 0, `${page} has no exercise that checks itself`);
    const said = cells[at]!.outputs.map(output => [output.text ?? ""].flat().join("")).join("");
    assert.equal(said.trim(), "not yet", page);
    assert.match(texts[at + 1]!, /<details><summary>Solution<\/summary>/, page);
  }
});

type Cell = {cell_type: string; source: string | string[]; outputs?: {data?: Record<string, unknown>}[]};
const cellsOf = (page: string): Cell[] => JSON.parse(readFileSync(join(root, page), "utf8")).cells;
const sourceOf = (cell: Cell): string => [cell.source].flat().join("");
const ablations = lessons.filter(page => /\/2[1-4]-/.test(page));

test("an ablation begins with its answer, in three sentences at most, and a figure", () => {
  assert.equal(ablations.length, 4);
  for (const page of ablations) {
    const [title, first] = cellsOf(page);
    const answer = /\*\*The answer\.\*\* (.*)$/m.exec(sourceOf(title!))?.[1] ?? "";
    const sentences = answer.match(/[.?!](?=\s|$)/g) ?? [];
    assert.ok(sentences.length > 0 && sentences.length <= 3, `${page}: ${sentences.length} sentences`);
    assert.ok(
      first!.outputs?.some(({data}) => data && "image/svg+xml" in data),
      `${page}: no figure below its answer`,
    );
  }
});

test("no text cell of an ablation holds more than five measured numbers with their spread", () => {
  const full = ablations.flatMap(page =>
    cellsOf(page)
      .filter(({cell_type}) => cell_type === "markdown")
      .map(sourceOf)
      .filter(text => (text.match(/\d ± \d/g)?.length ?? 0) > 5)
      .map(text => `${page}: ${text.slice(0, 60)}`),
  );
  assert.deepEqual(full, []);
});

test("no formula in a table has a bar, which would end the table's cell", () => {
  const cut = [...documents, ...lessons].flatMap(page =>
    prose(page)
      .split("\n")
      .filter(line => line.startsWith("|"))
      .filter(line => line.split("|").some(cell => (cell.match(/\$/g)?.length ?? 0) % 2 === 1))
      .map(line => `${page}: ${line}`),
  );
  assert.deepEqual(cut, []);
});

/** Letters that formulas use: single Latin letters and Greek commands, without words in \mathrm, \text and the like. */
function lettersOf(formula: string): string[] {
  const symbols = formula
    .replace(/\\(?:mathrm|text|operatorname|mathsf|mathbf)\{[^{}]*\}/g, " ")
    .replace(/\\(?:begin|end)\{[^{}]*\}(?:\{[^{}]*\})?/g, " ")
    .replace(/\\[a-z]*(?:frac|binom)(\d)(\d)/g, "$1 $2");
  const greek = [
    ...symbols.matchAll(
      /\\(alpha|beta|gamma|delta|varepsilon|epsilon|eta|theta|kappa|lambda|Lambda|mu|nu|rho|sigma|tau|phi|psi|omega|ell)(?![a-zA-Z])/g,
    ),
  ].map(([letter]) => letter!);
  const latin = symbols.replace(/\\[a-zA-Z]+/g, " ").match(/[A-Za-z]/g) ?? [];
  return [...greek, ...latin];
}

test("every letter of a lesson's formulas stands in the table of notation", () => {
  const formulas = (text: string): string[] =>
    [
      ...text
        .replace(/^```[\s\S]*?^```/gm, "")
        .matchAll(/\$\$([\s\S]+?)\$\$|(?<![\\$])\$(?=[^\s$])([^$]*?[^\s\\$])\$(?!\d)/g),
    ].map(found => (found[1] ?? found[2])!);
  const table = readFileSync(join(root, "docs/notation.md"), "utf8")
    .split("\n")
    .filter(line => line.startsWith("|"));
  const known = new Set(table.flatMap(formulas).flatMap(lettersOf));
  const unknown = lessons.flatMap(page =>
    formulas(prose(page)).flatMap(formula =>
      lettersOf(formula)
        .filter(letter => !known.has(letter))
        .map(letter => `${page}: ${letter} in $${formula.trim()}$`),
    ),
  );
  assert.deepEqual(unknown, []);
});
