// The front page: what this is, in one screen.
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {page} from "./chrome.mjs";

const SHOWN = "digits-relu-k0.2";

export function writeFront(out, list, pages) {
  const shown = list.find(({name}) => name === SHOWN);
  const {row, sizes, ticket} = shown;
  const way = (to, title, text) =>
    pages.has(to.split("#")[0])
      ? `<li><a href="${to}"><strong>${title}</strong><span>${text}</span></a></li>`
      : "";
  const main = `<section class="hero">
<div>
<h1>A network that nobody trained</h1>
<p class="lead">Draw ${sizes.weights.toLocaleString("en")} random weights. Change none of them. Only decide which to <em>keep</em>: one in five, each reduced to its sign. What is left reads ${row.testAccuracy} % of handwritten digits that it never saw, and is a file of ${Math.round(row.bytes / 1000)} kB.</p>
<p>A random network holds very many such subnetworks, like tickets of a lottery. One that wins is a <dfn>multi-prize lottery ticket</dfn> (Diffenderfer &amp; Kailkhura, ICLR 2021), and the prizes are three: it comes near to a trained network, its weights were never trained, and they are binary, so it is small and runs on bits and additions. The algorithm that finds it, biprop, learns something else than weights: a score for each, and the highest stay. This is a laboratory for it, in TypeScript.</p>
<p class="go"><a class="button" href="explorer.html#ticket=${SHOWN}">Draw a digit, let it answer</a> <a class="button second" href="explorer.html#find">Find a ticket yourself, here</a></p>
</div>
<figure>${filters(ticket.layers[0])}
<figcaption>The first layer of that ticket: 32 filters of 3 × 3. <span class="plus">+</span> and <span class="minus">−</span> are the random weights that are kept, all of one size; empty cells are pruned.</figcaption></figure>
</section>
<h2>What you can do here</h2>
<ul class="ways">
${way("explorer.html", "Look into a ticket", "draw, zoom from the network to one weight, turn signs and watch accuracy fall")}
${way("explorer.html#find", "Search one in the page", "biprop itself, from random weights to a ticket that reads digits; keep the file")}
${way("notebooks.html", "Understand it", "notebooks from eight numbers by hand to the proof and the paper's tables, with all outputs")}
${way("teach.html", "Teach it", "pages and links for a lecture or a practical, nothing to install")}
${way("docs/predictions.html", "Put it into your page", "a ticket runs in a browser on bits and additions, four files and no server")}
${way("docs/readme.html", "Search and ablate", "the library and command line: layers, searches, experiments on the paper's small networks")}
</ul>
<p class="small">All of this site works offline, and from disk. ${pages.has("experiments.html") ? 'What is measured and what is not: <a href="experiments.html">experiments</a>. ' : ""}Of the paper's text only the abstract was at hand; what is said of its inside rests on public accounts.</p>`;
  writeFileSync(
    join(out, "index.html"),
    page({
      path: "index.html",
      title: "multiprize: accurate networks found in random weights",
      about:
        "A laboratory for multi-prize lottery tickets: draw a digit, search a ticket in the page, read the notebooks.",
      main,
      pages,
    }),
  );
}

/** The kept weights of a first layer [3, 3, 1, filters], filter by filter. */
function filters({shape: [rows, columns, , count], signs}) {
  const [across, cell, gap] = [8, 12, 10];
  const [width, height] = [columns * cell + gap, rows * cell + gap];
  const cells = [];
  for (let f = 0; f < count; f++) {
    const [left, top] = [(f % across) * width, Math.floor(f / across) * height];
    for (let i = 0; i < rows * columns; i++) {
      const sign = signs[i * count + f];
      const [x, y] = [left + (i % columns) * cell, top + Math.floor(i / columns) * cell];
      const kind = sign === 0 ? "none" : sign > 0 ? "plus" : "minus";
      cells.push(`<rect class="${kind}" x="${x}" y="${y}" width="${cell - 1}" height="${cell - 1}"/>`);
      const middle = `${x + 2.5} ${y + 5.5}h6`;
      if (sign !== 0) cells.push(`<path d="M${middle}${sign > 0 ? `M${x + 5.5} ${y + 2.5}v6` : ""}"/>`);
    }
  }
  const lines = Math.ceil(count / across);
  return `<svg class="filters" viewBox="0 0 ${across * width - gap} ${lines * height - gap}" role="img" aria-label="Kept weights of the first layer and their signs">${cells.join("")}</svg>`;
}
