// A document of the project as HTML, its links leading to the site's pages.
import {basename, dirname, join, normalize} from "node:path";
import MarkdownIt from "markdown-it";
import {renderAroundFormulas} from "../notebooks/formulas.mjs";
import {toRoot} from "./chrome.mjs";

/** A heading's place in an address, as code hosts make it. */
export const slugOf = text =>
  text
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

/** The site's page for a file of the project, or undefined. */
export function pageOf(file) {
  if (file === "README.md") return "docs/readme.html";
  if (file === "data/tickets/README.md" || file === "data/tickets") return "tickets.html";
  if (/^docs\/[\w-]+\.md$/.test(file)) return file.replace(/\.md$/, ".html");
  if (/^notebooks\/[\w-]+\.ipynb$/.test(file)) return file.replace(/\.ipynb$/, ".html");
  if (/^docs\/[\w-]+\.svg$/.test(file)) return file;
  return undefined;
}

/**
 * Where a link of the project's `file` leads from its page at `path`, with only `pages` there: undefined where that is
 * none of them. `place` is the page of a file of the project.
 */
export function leadsFrom({file, path, pages, place = pageOf}) {
  const root = toRoot(path);
  return href => {
    if (/^(https?:|mailto:|#)/.test(href)) return href;
    const [to, part] = href.split("#");
    const page = place(normalize(join(dirname(file), to)));
    if (page === undefined || !(pages.has(page) || page.endsWith(".svg"))) return undefined;
    return `${root}${page}${part === undefined ? "" : `#${part}`}`;
  };
}

/**
 * HTML of a document at `file`, for a page at `path`, its formulas set; links to what is none of `pages` become their
 * text. `place` is the page of a file of the project.
 */
export function renderMarkdown(text, {file, path, pages, place = pageOf}) {
  const markdown = new MarkdownIt({html: false, linkify: false});
  const root = toRoot(path);
  const leads = leadsFrom({file, path, pages, place});
  const {rules} = markdown.renderer;
  rules.link_open = (tokens, i, options, env, self) => {
    const to = leads(tokens[i].attrGet("href"));
    env.open = [...(env.open ?? []), to !== undefined];
    if (to === undefined) return "";
    tokens[i].attrSet("href", to);
    return self.renderToken(tokens, i, options);
  };
  rules.link_close = (tokens, i, options, env, self) =>
    env.open.pop() ? self.renderToken(tokens, i, options) : "";
  rules.image = (tokens, i, options, env, self) => {
    tokens[i].attrSet("src", leads(tokens[i].attrGet("src")) ?? "");
    tokens[i].attrSet(
      "alt",
      self.renderInlineAlt ? self.renderInlineAlt(tokens[i].children, options, env) : tokens[i].content,
    );
    return self.renderToken(tokens, i, options);
  };
  const taken = new Map();
  rules.heading_open = (tokens, i, options, _, self) => {
    const slug = slugOf(plainOf(tokens[i + 1]));
    const times = taken.get(slug) ?? 0;
    taken.set(slug, times + 1);
    tokens[i].attrSet("id", times === 0 ? slug : `${slug}-${times}`);
    return self.renderToken(tokens, i, options);
  };
  // A notebook's name in code leads to it.
  rules.code_inline = (tokens, i) => {
    const code = `<code>${markdown.utils.escapeHtml(tokens[i].content)}</code>`;
    const page = place(`notebooks/${basename(tokens[i].content)}.ipynb`);
    return page && pages.has(page) ? `<a href="${root}${page}">${code}</a>` : code;
  };
  rules.table_open = () => '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>';
  rules.table_close = () => "</table></div>";
  rules.fence = (tokens, i) =>
    `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[i].content)}</code></pre>\n`;
  rules.code_block = rules.fence;
  return renderAroundFormulas(text.replace(/<!--[\s\S]*?-->/g, ""), rest => markdown.render(rest));
}

/** The text of a heading without its marks. */
export function plainOf({children}) {
  return children
    .filter(({type}) => type === "text" || type === "code_inline")
    .map(({content}) => content)
    .join("");
}
