// The explorer's page: its script does the rest.
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {page} from "./chrome.mjs";

export function writeExplorer(out, shipped, pages) {
  const path = "explorer.html";
  const main = `<h1>Explorer</h1>
<p class="lead">A ticket is a network found in random weights. Let it answer, look into it down to one weight, and change it. All computing happens in this page.</p>
<div data-explorer><p>This page needs scripts and WebAssembly.</p></div>
<script type="application/json" id="shipped">${JSON.stringify(shipped).replace(/</g, "\\u003c")}</script>`;
  const head = '<link rel="stylesheet" href="explorer.css">\n<script defer src="explorer.js"></script>\n';
  writeFileSync(join(out, path), page({path, title: "Explorer · multiprize", main, pages, head}));
}
