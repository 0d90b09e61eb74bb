// The API reference: TypeDoc's pages, with a way back to the site in each.
import {readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join, relative} from "node:path";
import {root} from "../setup/facts.mjs";
import {run} from "../setup/run.mjs";
import {toRoot} from "./chrome.mjs";

export async function writeApi(out) {
  const typedoc = join(root, "node_modules", "typedoc", "bin", "typedoc");
  const folder = join(out, "api");
  await run(process.execPath, [typedoc, "--out", folder, "--logLevel", "Warn"], {cwd: root});
  for (const file of readdirSync(folder, {recursive: true, encoding: "utf8"})) {
    if (!file.endsWith(".html")) continue;
    const path = join(folder, file);
    const home = `${toRoot(relative(out, path))}index.html`;
    const back = `<a href="${home}" style="position:fixed;right:1rem;bottom:1rem;z-index:9;padding:.4em .8em;border-radius:4px;background:#0065a3;color:#fff">multiprize</a>`;
    const html = mended(readFileSync(path, "utf8"));
    writeFileSync(
      path,
      html.replace(/<body[^>]*>/, body => `${body}${back}`),
    );
  }
}

/**
 * TypeDoc's page so that it asks from disk for nothing that a browser refuses there, its icons being in the page as well,
 * and so that nothing that can be pressed stands within something that can: headings that fold keep their names.
 */
const mended = html =>
  html
    .replace(/href="[^"]*assets\/icons\.svg#/g, 'href="#')
    .replace(/<summary[\s\S]*?<\/summary>/g, summary =>
      summary.replace(/<a [^>]*class="tsd-anchor-icon"[^>]*>[\s\S]*?<\/a>/g, ""),
    )
    .replace(
      "</head>",
      '<link rel="icon" href="data:,"><style>.tsd-generator a{text-decoration:underline}</style></head>',
    );

/** What the search finds of it: every exported name with its first line, by TypeDoc's own pages. */
export function apiEntries(out) {
  const folder = join(out, "api");
  return readdirSync(folder, {recursive: true, encoding: "utf8"})
    .filter(file => /^(functions|classes|interfaces|variables|types)\//.test(file) && file.endsWith(".html"))
    .map(file => {
      const html = readFileSync(join(folder, file), "utf8");
      const comment = /<div class="tsd-comment tsd-typography">([\s\S]*?)<\/div>/.exec(html)?.[1] ?? "";
      const text = comment.replace(/<[^>]+>/g, " ").slice(0, 300);
      return {
        title: file
          .replace(/^[a-z]+\/(.*)\.html$/, "$1")
          .split(".")
          .at(-1),
        part: "",
        to: `api/${file}`,
        kind: "API",
        text,
      };
    });
}
