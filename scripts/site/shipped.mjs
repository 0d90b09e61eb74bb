// Files that pages of the site fetch, as scripts: a page opened from disk may load scripts and nothing else.
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {basename, join} from "node:path";
import {gzipSync} from "node:zlib";
import {paths, root} from "../setup/facts.mjs";

const require = createRequire(import.meta.url);
const library = name => require(join(paths.dist, ...name.split("/")));

/** Test pictures that accuracies are counted on, and training pictures for batch norm's statistics. */
const COUNTED = {train: 200, test: 500};
/** Digits to search with, and those held out. */
const SEARCHED = {train: 3000, test: 500};

const ticketFolder = join(root, "data", "tickets");

/** Digits first, which one can draw. */
const place = file => (file.startsWith("digits") ? 0 : 1);

/** The tickets of data/tickets, those whose keep fraction can be moved first: file, what the list of tickets says of it, its sizes, and the ticket. */
export function tickets() {
  const {decodeTicket} = library("ticket/decode.js");
  const {ticketSizes} = library("ticket/sizes.js");
  const {ticketRow} = library("ticket/ticketRow.js");
  return [join(ticketFolder, "with-ranks"), ticketFolder].flatMap(folder =>
    readdirSync(folder)
      .filter(name => name.endsWith(".mpt"))
      .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
      .map(file => {
        const path = join(folder, file);
        const bytes = readFileSync(path);
        const ticket = decodeTicket(bytes);
        const [row, sizes] = [ticketRow(file, bytes, ticket), ticketSizes(bytes, ticket)];
        return {name: basename(file, ".mpt"), file, path, bytes, ticket, row, sizes};
      }),
  );
}

function ship(out, name, bytes, gzipped) {
  const base64 = (gzipped ? gzipSync(bytes, {level: 9}) : Buffer.from(bytes)).toString("base64");
  writeFileSync(
    join(out, "shipped", `${name}.js`),
    `shipped(${JSON.stringify(name)},"${base64}",${gzipped})`,
  );
}

/**
 * Writes shipped/, and returns what the explorer's page must know of it. CIFAR-10's test pictures come along where
 * `dataDir` holds them.
 */
export async function writeShipped(out, list, {dataDir}) {
  mkdirSync(join(out, "shipped"), {recursive: true});
  for (const {file, bytes} of list) ship(out, file, bytes, false);
  const {loadMnist} = library("data/mnist.js");
  const {packPictures} = library("explorer/model/packed.js");
  const digits = loadMnist();
  ship(out, "mnist.pictures", packPictures(digits, COUNTED), true);
  ship(out, "digits-to-search.pictures", packPictures(digits, SEARCHED), true);
  const pictures = {mnist: "mnist.pictures"};
  if (dataDir) {
    const {loadCifar10} = library("data/cifar10.js");
    ship(out, "cifar10.pictures", packPictures(await loadCifar10(dataDir), COUNTED), true);
    for (const name of ["cifar10", "cifar10-jpeg"]) pictures[name] = "cifar10.pictures";
  }
  for (const name of ["searchWorker.mjs", "tfjs-backend-wasm-simd.wasm"])
    ship(out, name, readFileSync(join(paths.dist, "page", name)), true);
  return {pictures, search: true, tickets: list.map(({name, row}) => ({name, label: labelOf(name, row)}))};
}

/** A ticket in a list to choose from. */
export function labelOf(name, {network, kind, keepFraction, testAccuracy, dataset}) {
  const ranks = name.endsWith("-ranks") ? ", with ranks" : "";
  const measured = testAccuracy === null ? "" : `, ${testAccuracy} % on ${dataset}`;
  return `${network}, ${kind}, k = ${keepFraction}${measured}${ranks}`;
}
