// One index over all pages, as a script.
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import MiniSearch from "minisearch";
import {plainText} from "../notebooks/pages.mjs";
import {slugOf} from "./markdown.mjs";
import {searchOptions} from "./searchOptions.mjs";

/** The sections of a Markdown text: heading, its place in the page, the words below it. */
export function sections(text) {
  const parts = text.split(/^(?=#{1,4} )/m);
  return parts.map(part => {
    const [, heading = ""] = /^#{1,4} (.*)$/m.exec(part) ?? [];
    const plain = plainText(heading);
    return {heading: plain, slug: slugOf(plain), text: part.replace(/[|#*`]/g, " ")};
  });
}

/** Writes search-index.js out of {title, part, to, kind, text}. */
export function writeIndex(out, entries) {
  const index = new MiniSearch(searchOptions);
  index.addAll(entries.map((entry, id) => ({id, ...entry})));
  const json = JSON.stringify(JSON.stringify(index));
  writeFileSync(join(out, "search-index.js"), `siteIndex(${json})`);
}

export function documentEntries(documents) {
  return documents.flatMap(({title, path, text}) =>
    sections(text).map(({heading, slug, text: words}) => ({
      title,
      part: heading === title ? "" : heading,
      to: heading && heading !== title ? `${path}#${slug}` : path,
      kind: "document",
      text: words,
    })),
  );
}

/** nbconvert keeps a heading's letters in its place, with - for each space. */
export function notebookEntries(notebooks) {
  return notebooks.flatMap(({title, path, texts}) =>
    texts.flatMap(text =>
      sections(text).map(({heading, text: words}) => ({
        title,
        part: heading === title ? "" : heading,
        to: heading && heading !== title ? `${path}#${encodeURIComponent(heading.replace(/ /g, "-"))}` : path,
        kind: "notebook",
        text: words,
      })),
    ),
  );
}
