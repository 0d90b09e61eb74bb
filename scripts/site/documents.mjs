// docs/*.md and README.md as pages, and the page that lists them.
import {copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {plainText} from "../notebooks/pages.mjs";
import {root} from "../setup/facts.mjs";
import {escaped, page} from "./chrome.mjs";
import {renderMarkdown} from "./markdown.mjs";

/** Every document: its file in the project, its page, its text, its title. */
export function documents() {
  const files = readdirSync(join(root, "docs")).filter(name => name.endsWith(".md"));
  const all = [["README.md", "docs/readme.html"]].concat(
    files.sort().map(name => [`docs/${name}`, `docs/${name.replace(/\.md$/, ".html")}`]),
  );
  return all.map(([file, path]) => {
    const text = readFileSync(join(root, file), "utf8");
    return {file, path, text, title: file === "README.md" ? "README" : (/^# (.*)$/m.exec(text)?.[1] ?? file)};
  });
}

/** Writes them below `out`; `place` is the page there of a file of the project, `frame` makes a page of its content. */
export function writeDocuments(out, list, pages, {place, frame = page} = {}) {
  mkdirSync(join(out, "docs"), {recursive: true});
  for (const name of readdirSync(join(root, "docs")).filter(each => each.endsWith(".svg")))
    copyFileSync(join(root, "docs", name), join(out, "docs", name));
  for (const {file, path, text, title} of list) {
    const main = `<article class="document">${renderMarkdown(text, {file, path, pages, place})}</article>`;
    writeFileSync(join(out, path), frame({path, title: `${title} · multiprize`, main, pages}));
  }
  const path = "docs/index.html";
  const items = list.map(each => {
    const first = each.text
      .split(/\n\s*\n/)
      .map(part => part.trim())
      .find(part => /^[A-Z*`]/.test(part) && !part.startsWith("    "));
    const about = plainText(first ?? "").split(/(?<=\.)\s/)[0];
    return `<li><a href="../${each.path}">${escaped(each.title)}</a><br>${escaped(about)}</li>`;
  });
  const main = `<h1>Documents</h1>\n<ul class="list">${items.join("\n")}</ul>`;
  writeFileSync(join(out, path), frame({path, title: "Documents · multiprize", main, pages}));
}
