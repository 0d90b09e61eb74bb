// Do all links of a folder of pages lead somewhere within it?
import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {dirname, join, relative} from "node:path";

const ids = html => new Set([...html.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => decoded(id)));
const entities = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#38;": "&"};
const decoded = text => text.replace(/&(?:amp|lt|gt|quot|#39|#38);/g, entity => entities[entity]);

/** What of it is code, or a script's text, holds no links of the page; a drawing's icons a script may put in. */
const markup = html =>
  html
    .replace(/<use\b[^>]*>/g, "")
    .replace(/<(script|style|pre)\b[^>]*>[\s\S]*?<\/\1>/g, tag => /^<script[^>]*>/.exec(tag)?.[0] ?? "");

/** A line for every link, picture, style and script of the pages that leads nowhere. Other machines are not asked. */
export function brokenLinks(folder) {
  const pages = readdirSync(folder, {recursive: true, encoding: "utf8"}).filter(name =>
    name.endsWith(".html"),
  );
  const texts = new Map(pages.map(name => [join(folder, name), readFileSync(join(folder, name), "utf8")]));
  const places = new Map();
  const placesOf = file => {
    if (!places.has(file)) places.set(file, ids(texts.get(file) ?? ""));
    return places.get(file);
  };
  const broken = [];
  for (const [file, html] of texts) {
    for (const [, , link] of markup(html).matchAll(/\s(href|src)="([^"]*)"/g)) {
      const to = decoded(link);
      if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(to)) continue;
      const [path, place] = to.split("#");
      const target = path === "" ? file : join(dirname(file), decodeURIComponent(path.split("?")[0]));
      const missing = !existsSync(target) || statSync(target).isDirectory();
      // The explorer's addresses hold its state, and its parts are made by its script.
      const state = target.endsWith("explorer.html");
      const lost =
        place &&
        !state &&
        target.endsWith(".html") &&
        ![place, decodeURIComponent(place)].some(each => placesOf(target).has(each));
      if (missing || lost) broken.push(`${relative(folder, file)}: ${to}`);
    }
  }
  return [...new Set(broken)];
}
