import {Command} from "commander";
import {UserError} from "../core/errors";
import {counted, formatNumber, percent} from "../report/numbers";
import type {Columns} from "../report/table";
import {recipeOf} from "../search/recipeOf";
import {atKeepFraction} from "../ticket/atKeepFraction";
import {decodeTicket} from "../ticket/decode";
import {readTicketBytes, writeTicket} from "../ticket/file";
import {type TicketSizes, ticketSizes} from "../ticket/sizes";
import type {Ticket} from "../ticket/ticket";
import {damageText, TicketError} from "../ticket/ticketError";
import {share} from "./options";
import {outputPath} from "./output";
import {print, printJson, printLine} from "./print";
import {fittingTable} from "./terminal";
import {listedTicket, ticketList} from "./ticketList";

interface TicketCommandOptions {
  readonly layers?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly keep?: number;
  readonly out?: string;
}

export function ticketCommand(): Command {
  return new Command("ticket")
    .description(
      "Say what is in a ticket file and where its bytes go, or move it to another keep fraction; list several.",
    )
    .argument("<files...>", "an .mpt file, or several to be listed, a line each")
    .option("--layers", "of one file: a line a layer as well")
    .option("--markdown", "the list as a Markdown table")
    .option("--json", "one JSON object; of several files an array")
    .option(
      "--keep <share>",
      "with --out: the ticket at this share of weights, one its ranks were stored for",
      share,
    )
    .option("--out <file>", "with --keep: where to write it")
    .addHelpText(
      "after",
      `
Examples:
  multiprize search --out digits.mpt --ranks 0.1,0.2,0.5
  multiprize ticket digits.mpt
  multiprize ticket data/tickets/*.mpt
  multiprize ticket digits.mpt --keep 0.2 --out fewer.mpt`,
    )
    .action((paths: string[], options: TicketCommandOptions) =>
      paths.length > 1 || options.markdown ? listTickets(paths, options) : runTicket(paths[0], options),
    );
}

function runTicket(path: string, {layers, json, keep, out}: TicketCommandOptions): void {
  if ((keep === undefined) !== (out === undefined)) {
    throw new UserError("moving a ticket takes both: --keep SHARE and --out FILE");
  }
  const bytes = readTicketBytes(path);
  const ticket = soundTicket(path, bytes);
  if (keep !== undefined && out !== undefined) {
    const target = outputPath(out, "ticket", [path]);
    const size = writeTicket(target, atKeepFraction(ticket, keep));
    printLine(`${out}: ${formatNumber(size)} bytes, keeping ${percent(keep)}`);
    return;
  }
  const sizes = ticketSizes(bytes, ticket);
  if (json) printJson({...sizes, ...aboutTicket(ticket)});
  else print(`${describe(ticket, sizes)}\n\n${sizeTables(sizes, layers ?? false)}\n`);
}

function listTickets(paths: readonly string[], options: TicketCommandOptions): void {
  const {layers, markdown = false, json, keep, out} = options;
  if (layers || keep !== undefined || out !== undefined)
    throw new UserError("--layers, --keep and --out take one file, and no --markdown");
  const rows = paths.map(path => {
    const bytes = readTicketBytes(path);
    return listedTicket(path, bytes, soundTicket(path, bytes));
  });
  if (json) printJson(rows);
  else print(`${ticketList(rows, markdown)}\n`);
}

function soundTicket(path: string, bytes: Uint8Array): Ticket {
  try {
    return decodeTicket(bytes);
  } catch (error) {
    if (error instanceof TicketError) throw new UserError(damageText(path, error));
    throw error;
  }
}

/** The header's part of the JSON. */
function aboutTicket({network, image, selection, signs, batchNorm, ranks, provenance}: Ticket): object {
  const [rankFractions, recipe] = [ranks?.fractions ?? null, recipeOf(provenance.spec)];
  return {network, image, selection, signs, batchNorm, rankFractions, recipe, provenance};
}

function describe({network, selection, signs, ranks, provenance}: Ticket, sizes: TicketSizes): string {
  const {arch, activation, width} = network;
  const kind = activation === "relu" ? "MPT-1/32" : "MPT-1/1";
  const {dataset, epochs, trainImages, testAccuracy, testImages, movedFrom} = provenance;
  const tested = typeof testImages === "number" ? ` of ${formatNumber(testImages)} images` : "";
  const trained = typeof trainImages === "number" ? ` of ${formatNumber(trainImages)} images` : "";
  const measured =
    typeof testAccuracy === "number"
      ? `${testAccuracy.toFixed(2)} %${tested} of ${dataset}, ${counted(Number(epochs), "epoch")}${trained}`
      : "not measured";
  const recipe = recipeOf(provenance.spec);
  return [
    `${arch}${width === 1 ? "" : ` of width ${formatNumber(width)}`}, ${kind}: ${formatNumber(sizes.kept)} of ` +
      `${formatNumber(sizes.weights)} weights kept (k = ${selection.keepFraction}, ${selection.kind})`,
    `test accuracy: ${measured}${movedFrom === undefined ? "" : `; moved from k = ${movedFrom}`}`,
    ...(recipe === null ? [] : [`searched by recipe: ${recipe}`]),
    signs.kind === "stored"
      ? "signs: stored, a bit a kept weight"
      : `signs: from seed ${signs.seed} (${signs.initialisation.weights})`,
    ...(ranks ? [`can be moved to k = ${ranks.fractions.join(", ")}`] : []),
  ].join("\n");
}

interface Part {
  readonly part: string;
  readonly bytes: number;
  readonly times: number;
}

const columns: Columns<Part> = [
  {key: "part", title: "in this file"},
  {key: "bytes", decimals: 0},
  {key: "times", title: "share (%)", decimals: 2},
];

function sizeTables(sizes: TicketSizes, withLayers: boolean): string {
  const {totalBytes, entropyBits, maskBits, signBytes, gainBytes, batchNormBytes, rankBytes, headerBytes} =
    sizes;
  const row = (part: string, bytes: number): Part => ({part, bytes, times: (100 * bytes) / totalBytes});
  const parts = [
    row("masks", maskBits / 8),
    ...(signBytes > 0 ? [row("signs", signBytes)] : []),
    row("gains", gainBytes),
    row("batch norm", batchNormBytes),
    ...(rankBytes > 0 ? [row("ranks", rankBytes)] : []),
    row("header", headerBytes),
    row("total", totalBytes),
  ];
  const against = (part: string, bytes: number): Part => ({part, bytes, times: bytes / totalBytes});
  const compared = [
    against("masks' entropy, Σ n·H(k)", entropyBits / 8),
    against("1 bit a weight (no mask)", sizes.oneBitBytes),
    against("2 bits a weight (mask, sign)", sizes.twoBitBytes),
    against("float32", sizes.float32Bytes),
    against("the reference's checkpoint", sizes.referenceCheckpointBytes),
    against("decoded, in memory", sizes.residentBytes),
  ];
  const tables = [
    fittingTable(parts, columns),
    fittingTable(compared, [
      {key: "part", title: "the same otherwise"},
      {key: "bytes", decimals: 0},
      {key: "times", title: "of this file (×)", decimals: 2},
    ]),
  ];
  if (withLayers) {
    tables.push(fittingTable(sizes.layers.map(layer => ({...layer, shape: layer.shape.join("×")}))));
  }
  return tables.join("\n\n");
}
