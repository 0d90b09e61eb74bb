// For teachers: what to show, by links that carry their state.
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {page} from "./chrome.mjs";

/** [address behind #, what one sees, what to ask] */
const scenes = [
  [
    "ticket=digits-relu-k0.2",
    "A ticket at work",
    "Draw a seven, with and without its bar. Is the probability a promise? (No: draw a letter.)",
  ],
  [
    "ticket=digits-relu-k0.2&layer=conv1&weight=0",
    "One weight",
    "What does it add, where, and what happens to the answer without it? Which single weight matters most?",
  ],
  [
    "ticket=digits-relu-k0.2&gain=5",
    "The gain on a plain network",
    "Why does no answer change, though the network says everything with more confidence? Derive the factor of the logits.",
  ],
  [
    "ticket=digits-sign-k0.2&gain=5&batchnorm=stored",
    "The gain under stale batch norm",
    "Now answers change. Untick the box: why are they back?",
  ],
  [
    "ticket=digits-relu-k0.2&flipped=0.1",
    "A tenth of the signs turned",
    "At which share is it no better than guessing? Predict first, then move the slider.",
  ],
  [
    "ticket=digits-relu-k0.2&redrawn=1",
    "A random mask",
    "Same shares kept, same gains, other weights: what did the search find, then?",
  ],
  [
    "ticket=digits-relu-k0.2-ranks&keep=0.1",
    "Half as many weights kept",
    "The same scores cut elsewhere. Why is that worse than a search at k = 0.1?",
  ],
  [
    "find",
    "Search one",
    "Let everybody search another seed. Do two tickets keep the same weights? (Save them and compare.)",
  ],
];

/** Pages that need no kernel, by what they are for. */
const readings = [
  ["notebooks/01-what-is-a-ticket.html", "Mask, sign, gain, score on eight numbers", "20 min"],
  ["notebooks/20-turn-a-knob.html", "biprop on points of the plane, with sliders, in the page", "20 min"],
  ["notebooks/04-a-binary-network-inside-a-random-one.html", "The constructive proof", "45 min"],
  ["notebooks/08-why-biprop-finds-it.html", "When a step of the search lowers the loss", "45 min"],
];

export function writeTeach(out, pages) {
  const path = "teach.html";
  const explorables = scenes.map(
    ([address, title, question]) =>
      `<li><a href="explorer.html#${address.replaceAll("&", "&amp;")}">${title}</a><br>${question}</li>`,
  );
  const read = readings
    .filter(([to]) => pages.has(to))
    .map(([to, text, time]) => `<li><a href="${to}">${text}</a>, about ${time}</li>`);
  const main = `<h1>Teach with it</h1>
<p class="lead">Nothing here needs an installation: the explorer and the search compute in the page, on the reader's own machine; notebooks are pages with their outputs. The whole site is a folder that works offline and from a memory stick.</p>
<h2>Scenes to show</h2>
<p>Each link opens the explorer in the state described. Whatever you set up yourself is in the address, too: copy it.</p>
<ol class="list">${explorables.join("\n")}</ol>
<h2>45 minutes</h2>
<p>Start with “A ticket at work” (5 min). Do mask, sign and gain by hand on eight numbers, as notebook 01 does (15 min). “One weight”, then the gain, then the signs, each with a prediction first (15 min). Let everybody search a seed of their own (10 min).</p>
<h2>90 minutes</h2>
<p>The same, then the algorithm at work on points of the plane (20 min: what does the learning rate do to the mask?), and the first two sections of the proof (25 min).</p>
${read.length > 0 ? `<h2>Pages to read, no kernel needed</h2>\n<ul class="list">${read.join("\n")}</ul>` : ""}
<p>To change and run the notebooks' cells, a laboratory is needed: <a href="docs/set-up.html">set-up</a>.</p>`;
  writeFileSync(join(out, path), page({path, title: "Teach · multiprize", main, pages}));
}
