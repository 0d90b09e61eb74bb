// npm run site: the whole project as a static folder, for any host or for a disk.
import {copyFileSync, existsSync, mkdirSync, readdirSync, rmSync} from "node:fs";
import {join, resolve} from "node:path";
import {Command, Option} from "commander";
import {command} from "./setup/command.mjs";
import {paths, root} from "./setup/facts.mjs";
import {Failure} from "./setup/log.mjs";
import {venvReady} from "./setup/venv.mjs";
import {apiEntries, writeApi} from "./site/apiPages.mjs";
import {bundleExplorer, bundleSearch} from "./site/bundles.mjs";
import {documents, writeDocuments} from "./site/documents.mjs";
import {experimentList, writeExperiments} from "./site/experimentPages.mjs";
import {writeExplorer} from "./site/explorerHtml.mjs";
import {writeFront} from "./site/frontPage.mjs";
import {brokenLinks} from "./site/links.mjs";
import {notebooks, writeNotebooks} from "./site/notebookPages.mjs";
import {documentEntries, notebookEntries, writeIndex} from "./site/searchIndex.mjs";
import {tickets, writeShipped} from "./site/shipped.mjs";
import {writeTeach} from "./site/teachPage.mjs";
import {writeTickets} from "./site/ticketPages.mjs";

const parts = ["notebooks", "api", "experiments"];
const program = new Command("npm run site --")
  .description("Write the site: explorer, notebooks, tickets, experiments, documents, API reference, search.")
  .option("--out <dir>", "where to", "dist/site")
  .addOption(
    new Option("--without <parts...>", "leave out what takes long").choices(parts).default([], "nothing"),
  )
  .option("--data-dir <dir>", "where CIFAR-10 lies; with it, accuracies of its tickets can be counted")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run site\n  npm run site -- --out public --data-dir data\n  npm run site -- --without notebooks api",
  )
  .exitOverride(({exitCode}) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();
const {out: folder, without, dataDir} = program.opts();
const out = resolve(folder);

/** Every page that the site will have, so that nothing links to one that it lacks. */
function pagesOf(docs, notebookList, experiments) {
  const all = ["index.html", "explorer.html", "tickets.html", "teach.html", "docs/index.html"];
  all.push(...docs.map(({path}) => path));
  if (!without.includes("experiments"))
    all.push("experiments.html", ...experiments.map(({name}) => `experiments/${name}.html`));
  if (!without.includes("notebooks")) all.push("notebooks.html", ...notebookList.map(({path}) => path));
  if (!without.includes("api")) all.push("api/index.html");
  return new Set(all);
}

async function main() {
  if (!without.includes("notebooks") && !venvReady())
    throw new Failure(
      "notebooks become pages by .venv, which is not there (set-up says why): --without notebooks",
    );
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, "site.css")))
    throw new Failure(`${folder} is there and is no site: give another folder, or remove it`);
  rmSync(out, {recursive: true, force: true});
  mkdirSync(out, {recursive: true});
  const [docs, notebookList, experiments, list] = [
    documents(),
    notebooks(),
    without.includes("experiments") ? [] : experimentList(),
    tickets(),
  ];
  const pages = pagesOf(docs, notebookList, experiments);
  const step = async (what, task) => {
    const started = performance.now();
    const result = await task();
    console.log(`${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    return result;
  };
  const assets = join(root, "scripts", "site", "assets");
  for (const name of ["site.css", "explorer.css"]) copyFileSync(join(assets, name), join(out, name));
  copyFileSync(join(paths.dist, "plotly.min.js"), join(out, "plotly.min.js"));
  await step("explorer", async () => {
    writeExplorer(out, await writeShipped(out, list, {dataDir}), pages);
    await Promise.all([bundleExplorer(out), bundleSearch(out)]);
  });
  await step("front page, tickets, documents", () => {
    writeFront(out, list, pages);
    writeTeach(out, pages);
    writeTickets(out, list, pages);
    writeDocuments(out, docs, pages);
  });
  if (!without.includes("experiments"))
    await step("experiments", () => writeExperiments(out, experiments, pages));
  const entries = [...documentEntries(docs)];
  if (!without.includes("notebooks")) {
    await step("notebooks", () => writeNotebooks(out, notebookList, pages));
    rmSync(join(out, "notebooks", "plotly.min.js"), {force: true});
    entries.push(...notebookEntries(notebookList));
  }
  if (!without.includes("api")) {
    await step("API reference", () => writeApi(out));
    entries.push(...apiEntries(out));
  }
  entries.push(
    ...list.map(({name, row}) => ({
      title: name,
      part: "",
      to: `tickets.html#${name}`,
      kind: "ticket",
      text: `${row.network} ${row.kind} ${row.dataset}`,
    })),
  );
  entries.push(
    ...experiments.map(({name, title, question}) => ({
      title,
      part: "",
      to: `experiments/${name}.html`,
      kind: "experiment",
      text: `${name} ${question}`,
    })),
  );
  writeIndex(out, entries);
  const broken = brokenLinks(out);
  for (const line of broken) console.error(`  ${line}`);
  if (broken.length > 0) throw new Failure(`${broken.length} links of the site lead nowhere`);
  console.log(`open ${join(out, "index.html")}`);
}

await command(main);
