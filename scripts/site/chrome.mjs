// What every page of the site shares: its head, the bar with the ways to everywhere, the search field.

export const escaped = text => String(text).replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`);

/** The bar's entries, in order: where it leads, its words. Only those are shown whose page the site has. */
const entries = [
  ["explorer.html", "Explorer"],
  ["notebooks.html", "Notebooks"],
  ["tickets.html", "Tickets"],
  ["experiments.html", "Experiments"],
  ["teach.html", "Teach"],
  ["docs/index.html", "Docs"],
  ["api/index.html", "API"],
];

/** "../" as often as a page of the site lies below its root. */
export const toRoot = path => "../".repeat(path.split("/").length - 1);

/** The bar at the top of a page at `path` of a site whose other pages are `pages`. */
export function bar(path, pages) {
  const root = toRoot(path);
  const links = entries
    .filter(([to]) => pages.has(to))
    .map(([to, words]) => {
      const here = to === path ? ' aria-current="page"' : "";
      return `<a href="${root}${to}"${here}>${words}</a>`;
    });
  return `<header class="site-bar" data-root="${root}">
<a class="site-home" href="${root}index.html">multiprize</a>
<nav aria-label="Site">${links.join("\n")}</nav>
<search class="site-search"><input type="search" aria-label="Search the site" placeholder="Search"><ul hidden aria-label="Found"></ul></search>
</header>`;
}

/** The lines of a head that the bar needs. */
export function barHead(path) {
  const root = toRoot(path);
  return `<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}site.css">
<script defer src="${root}site.js"></script>`;
}

/** A whole page. `main` is HTML; `head` what it needs beside the common. */
export function page({path, title, main, pages, head = "", about = ""}) {
  const description = about ? `\n<meta name="description" content="${escaped(about)}">` : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>${description}
${barHead(path)}
${head}</head>
<body>
<a class="site-skip" href="#main">To the content</a>
${bar(path, pages)}
<main id="main">
${main}
</main>
</body>
</html>
`;
}
