// A folder of exported pages: notebooks beside each other, the documents they link to, and an index.
import {copyFileSync, mkdirSync, readdirSync, writeFileSync} from "node:fs";
import {basename, join} from "node:path";
import {root} from "../setup/facts.mjs";
import {escaped, toRoot} from "../site/chrome.mjs";
import {documents, writeDocuments} from "../site/documents.mjs";
import {leadsFrom, pageOf} from "../site/markdown.mjs";
import {aboutOf} from "./pages.mjs";

/** The site's pages, but notebooks lie at the root. */
const place = file => pageOf(file)?.replace(/^notebooks\//, "");

/** Pages of the folder if it gets these notebooks, by name without ending. */
const pagesOf = stems =>
  new Set(
    ["index.html", "docs/index.html"].concat(
      stems.map(stem => `${stem}.html`),
      documents().map(({path}) => path),
    ),
  );

/** The page of one notebook of `stems`, all of which the folder gets. */
export async function exportNotebook({render}, file, folder, stems) {
  const stem = basename(file, ".ipynb");
  const [path, pages] = [`${stem}.html`, pagesOf(stems)];
  await render(file, folder, leadsFrom({file: `notebooks/${stem}.ipynb`, path, pages, place}));
}

/** All else: the documents, and the index of the notebooks that are there, from earlier exports too. */
export function completeFolder(folder, stems) {
  mkdirSync(folder, {recursive: true});
  copyFileSync(join(root, "scripts", "site", "assets", "site.css"), join(folder, "site.css"));
  const notebooks = join(root, "notebooks");
  const known = readdirSync(notebooks).map(name => basename(name, ".ipynb"));
  const there = known.filter(stem => readdirSync(folder).includes(`${stem}.html`)).sort();
  writeDocuments(folder, documents(), pagesOf([...new Set([...stems, ...there])]), {place, frame: plainPage});
  const items = there.map(stem => {
    const {title, claim} = aboutOf(join(notebooks, `${stem}.ipynb`));
    return `<li><a href="${stem}.html">${escaped(title)}</a> <small>${stem}</small>${claim ? `<br>${escaped(claim)}` : ""}</li>`;
  });
  const main = `<h1>multiprize: notebooks</h1>\n<ul class="list">${items.join("\n")}</ul>`;
  writeFileSync(
    join(folder, "index.html"),
    plainPage({path: "index.html", title: "multiprize: notebooks", main}),
  );
}

/** A page without the site's bar, for there is no site around it: a way to the notebooks and one to the documents. */
function plainPage({path, title, main}) {
  const up = toRoot(path);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${up}site.css">
</head>
<body>
<main id="main">
<p><a href="${up}index.html">Notebooks</a> · <a href="${up}docs/index.html">Documents</a></p>
${main}
</main>
</body>
</html>
`;
}
