import {existsSync, rmSync} from "node:fs";
import {join, relative} from "node:path";
import {Command} from "commander";
import type {BackendName} from "../backend/backend";
import type {Dataset} from "../data/dataset";
import {loadDataset} from "../data/load";
import {figureHtml, pageHtml} from "../report/html";
import {formatNumber} from "../report/numbers";
import {learningCurveFigure} from "../report/searchCurves";
import {figureSvg} from "../report/static";
import {type Columns, tableHtml} from "../report/table";
import {checkpointPath, readCheckpoint} from "../search/checkpoint";
import {searchSpec} from "../search/defaults";
import {Interrupted} from "../search/interrupt";
import type {SearchSpec} from "../search/spec";
import {writeOutput} from "../system/outputFile";
import {readTicketBytes} from "../ticket/file";
import {ticketSizes} from "../ticket/sizes";
import {readJsonFile} from "./jsonFile";
import {backendOption, chooseBackend, countingNumber, folder} from "./options";
import {bold, print, printAside} from "./print";
import {terminalProgress} from "./progress";
import {recordOf, recordPath, type SavedResult, writeRecord} from "./record";
import {saveTicket} from "./saveTicket";
import {untilStopped} from "./stop";
import {fittingTable} from "./terminal";

const EPOCHS = 12;
const KEEP = 0.2;

export function quickstartCommand(): Command {
  return new Command("quickstart")
    .description(
      "Watch a random network turn into a winning ticket on real handwritten digits (one to two minutes).",
    )
    .option("--out <dir>", "folder for the results", "runs/quickstart")
    .option("--epochs <n>", "for both networks", countingNumber, EPOCHS)
    .addOption(backendOption())
    .addHelpText(
      "after",
      `
Examples:
  multiprize quickstart
  multiprize quickstart --epochs 3 --out runs/short`,
    )
    .action(runQuickstart);
}

async function runQuickstart(options: {
  out: string;
  epochs: number;
  backend: BackendName | "auto";
}): Promise<void> {
  const {out, epochs} = options;
  const directory = folder(out);
  const info = await chooseBackend(options.backend);
  const digits = await loadDataset("mnist");
  const ticket = searchSpec({arch: "digits", keepFraction: KEEP, epochs});
  const dense = searchSpec({arch: "digits", method: "dense", epochs});
  print(
    `${digits.train.count} handwritten digits to learn from, ${digits.test.count} held out; ${info.backend} ${info.version}.\n\n`,
    bold("A ticket"),
    ": the weights are random and stay so. The search learns which 20 % to keep;\n" +
      "what is kept is reduced to its sign, with one gain a layer.\n",
  );
  // Interrupted at the twin, it goes on there.
  const twin = join(directory, "dense");
  const known = existsSync(recordPath(twin)) ? undefined : finished(join(directory, "ticket"), ticket);
  if (known) print(`Found before the interruption: test ${known.testAccuracy.toFixed(1)} %.\n`);
  else removeEarlier(twin);
  // One task: a signal between the two saves and goes on as well.
  const {found, trained} = await untilStopped(async signal => {
    const found = known ?? (await run(join(directory, "ticket"), ticket, digits, signal));
    print(
      ...["\n", bold("The dense twin")],
      ": the same network, all weights real and trained, the same budget.\n",
    );
    return {found, trained: await run(twin, dense, digits, signal)};
  });
  const rows = [row("ticket (MPT-1/32)", found), row("dense twin", trained)];
  const page = await writePage(directory, rows, found, trained);
  print(
    `\n${fittingTable(rows, columns)}\n\n` +
      `Results   ${shown(directory)} (result.json of each, and a page to look at: ${shown(page)})\n` +
      `Ticket    ${ticketLine(join(directory, "ticket"))}\n` +
      "Next      npm run lab                  the notebooks: 00-quickstart shows what was found\n" +
      "          npx multiprize search --help  other networks, data, keep fractions, binary activations\n" +
      "          npx multiprize search --activation sign --keep 0.2 --out binary.mpt\n",
  );
}

/** One search of the two; goes on where an interrupted one of the same settings stopped. */
async function run(
  directory: string,
  spec: SearchSpec,
  data: Dataset,
  signal: AbortSignal,
): Promise<SavedResult> {
  const resume = isUnfinished(directory, spec);
  if (resume) print("Going on where it was interrupted.\n");
  else removeEarlier(directory);
  const {search} = await import("../search/search");
  const progress = terminalProgress();
  try {
    const {onStep, onEpoch} = progress;
    const checkpoint = {directory, resume, everySeconds: 10};
    const result = await search(spec, data, {signal, onStep, onEpoch, checkpoint});
    if (spec.method !== "dense") saveTicket(ticketPath(directory), result, data);
    result.network.model.dispose();
    const record = recordOf(result);
    writeRecord(directory, record);
    return record;
  } catch (error) {
    progress.stop();
    if (error instanceof Interrupted) printAside("Interrupted. Start it again to go on from here.\n");
    throw error;
  }
}

/** Makes room for a new run: what an earlier one wrote goes, anything else in the folder stays. */
function removeEarlier(directory: string): void {
  for (const file of [checkpointPath(directory), recordPath(directory), ticketPath(directory)]) {
    if (existsSync(file)) rmSync(file);
  }
}

function ticketPath(directory: string): string {
  return join(directory, "ticket.mpt");
}

/** The file, its size, and what the same network takes as floats. */
function ticketLine(directory: string): string {
  const path = ticketPath(directory);
  const {totalBytes, float32Bytes} = ticketSizes(readTicketBytes(path));
  return (
    `${shown(path)}: ${formatNumber(totalBytes)} bytes, all that the ticket is; the network as float32 takes ` +
    `${formatNumber(float32Bytes)}, ${formatNumber(float32Bytes / totalBytes, 0)} times as much`
  );
}

function isUnfinished(directory: string, spec: SearchSpec): boolean {
  const saved = readCheckpoint(directory)?.header as
    | {spec: SearchSpec; position: {epoch: number}}
    | undefined;
  return (
    saved !== undefined &&
    JSON.stringify(saved.spec) === JSON.stringify(spec) &&
    saved.position.epoch < spec.epochs
  );
}

/** The result of a search of this spec that has come to its end and left its ticket. */
function finished(directory: string, spec: SearchSpec): SavedResult | undefined {
  if (!existsSync(recordPath(directory)) || !existsSync(ticketPath(directory))) return undefined;
  const record = readJsonFile(recordPath(directory)) as SavedResult | null;
  return JSON.stringify(record?.spec) === JSON.stringify(spec) ? (record as SavedResult) : undefined;
}

interface Row {
  readonly network: string;
  readonly kept: number;
  readonly weights: number;
  readonly bits: number;
  readonly trained: string;
  readonly testAccuracy: number;
  readonly seconds: number;
}

const columns: Columns<Row> = [
  "network",
  {key: "kept", title: "weights kept"},
  {key: "weights", title: "of"},
  {key: "bits", title: "bits a weight"},
  {key: "trained", title: "weights trained"},
  {key: "testAccuracy", title: "test accuracy (%)", decimals: 2},
  {key: "seconds", decimals: 0},
];

function row(network: string, {kept, weights, spec, testAccuracy, seconds}: SavedResult): Row {
  const dense = spec.method === "dense";
  return {
    network,
    kept,
    weights,
    bits: dense ? 32 : 1,
    trained: dense ? "all" : "none",
    testAccuracy,
    seconds,
  };
}

async function writePage(
  directory: string,
  rows: Row[],
  found: SavedResult,
  trained: SavedResult,
): Promise<string> {
  const curves = [
    {name: "ticket", epochs: found.epochs},
    {name: "dense twin", epochs: trained.epochs},
  ];
  const figure = learningCurveFigure(curves, "A ticket and its dense twin");
  const picture = await figureSvg(figure);
  const body = `${tableHtml(rows, columns)}${figureHtml(figure, "curves", picture)}`;
  const path = join(directory, "index.html");
  writeOutput(join(directory, "curves.svg"), picture);
  writeOutput(path, pageHtml("A ticket in handwritten digits", body));
  return path;
}

function shown(path: string): string {
  return relative(process.cwd(), path) || ".";
}
