// The tickets as cards: out of their own headers, so that nothing here can differ from the files.
import {copyFileSync, mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {escaped, page} from "./chrome.mjs";

const count = value => value.toLocaleString("en");
const size = bytes => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

export function writeTickets(out, list, pages) {
  mkdirSync(join(out, "tickets"), {recursive: true});
  for (const {file, path} of list) copyFileSync(path, join(out, "tickets", file));
  const path = "tickets.html";
  const main = `<h1>Tickets</h1>
<p class="lead">Each file is a whole network that was found, not trained: which of its random weights are kept, and one gain a layer. Open one in the explorer, or take the file.</p>
<p>They are short searches, far from the paper's lengths: files to try things out with, not results to compare.</p>
<div class="cards">${list.map(each => card(each, pages)).join("\n")}</div>`;
  writeFileSync(join(out, path), page({path, title: "Tickets · multiprize", main, pages}));
}

function card({name, file, row, sizes: {weights, kept}, ticket}, pages) {
  const facts = [
    [
      "network",
      `${row.network}, ${row.kind} (${row.kind === "MPT-1/32" ? "binary weights" : "binary weights and activations"})`,
    ],
    ["kept", `${count(kept)} of ${count(weights)} random weights`],
    ["searched on", `${count(row.trainImages)} pictures of ${row.dataset}, ${row.epochs} epochs`],
    [
      "right",
      row.testAccuracy === null
        ? "not measured"
        : `${row.testAccuracy} % of ${count(row.testImages)} test pictures`,
    ],
    ["size", `${size(row.bytes)}; as float32 ${size(row.float32Bytes)}`],
    [
      "sees",
      `${ticket.image.join(" × ")}; says ${ticket.classNames.slice(0, 10).join(", ")}${ticket.classNames.length > 10 ? ", …" : ""}`,
    ],
    ["limits", limits(row, ticket)],
  ];
  const explore = pages.has("explorer.html")
    ? `<a class="button" href="explorer.html#ticket=${name}">Open in the explorer</a> `
    : "";
  return `<article class="card" id="${name}">
<h2>${escaped(name)}</h2>
<dl>${facts.map(([term, text]) => `<div><dt>${term}</dt><dd>${escaped(text)}</dd></div>`).join("")}</dl>
<p>${explore}<a href="tickets/${file}" download>${escaped(file)}</a></p>
<pre tabindex="0"><code>npx multiprize evaluate ${escaped(file)}</code></pre>
</article>`;
}

/** What a ticket is not good for, as far as its header says. */
function limits({dataset}, {ranks, image}) {
  const said = [
    dataset === "mnist"
      ? "one digit, light on dark, in the middle; anything else gets an answer too, and a wrong one"
      : `photographs of these classes, shrunk to ${image[0]} × ${image[1]}; anything else gets an answer too, and a wrong one`,
    ranks
      ? `holds the ranks of its scores, so its keep fraction can be moved to ${ranks.fractions.join(", ")}`
      : "holds no ranks, so its keep fraction cannot be moved",
  ];
  return `${said.join("; ")}.`;
}
