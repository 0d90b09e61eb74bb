import {join} from "node:path";
import {UserError} from "../../core/errors";
import {counted} from "../../report/numbers";
import {readRegularFile} from "../../system/regularFile";
import {root} from "../../system/root";
import {publishedFault} from "./publishedSchema";

/** A number from the literature, with where it was seen. */
export interface Published {
  readonly id: string;
  readonly dataset: "CIFAR-10" | "CIFAR-100" | "ImageNet";
  readonly method: string;
  readonly model: string | null;
  readonly weightBits: number | null;
  readonly activationBits: number | null;
  /** Kept weights as printed there. */
  readonly params: number | null;
  readonly prunedPercent: number | null;
  /** Per cent. */
  readonly top1: number;
  /** Batch norm learned (+BN). */
  readonly bn: boolean | null;
  readonly source: {
    readonly kind: string;
    readonly title: string;
    readonly urlOrRepo: string;
    readonly note: string;
  };
  /** verified: read at the source itself; secondary: quoted by another; recalled: from memory, to be checked. */
  readonly confidence: "verified" | "secondary" | "recalled";
  /** Length of the run, where the source says it. */
  readonly epochs?: number;
  /** Width as a multiple of the usual one, where it is not 1. */
  readonly widthFactor?: number;
  /** Read off a plot, by eye. */
  readonly digitised?: boolean;
  /** Printed as a whole number: probably read off a figure by whoever quotes it. */
  readonly rounded?: boolean;
  /** Worked out from printed numbers. */
  readonly derived?: boolean;
  /** Where the source contradicts itself. */
  readonly misprint?: string;
  readonly computedTotalWeights?: number;
  readonly computedKeptWeights?: number;
}

/**
 * The rows of data/published.json that fit; recalled ones only where asked for. UserError where the file cannot be
 * read or holds anything else.
 */
export function publishedRows(
  fits: (row: Published) => boolean = () => true,
  {recalled = false, path = join(root, "data", "published.json")}: {recalled?: boolean; path?: string} = {},
): Published[] {
  return rowsOf(path).filter(row => (recalled || row.confidence !== "recalled") && fits(row));
}

/** Rows by file: tables and figures ask for hundreds one by one. */
const read = new Map<string, readonly Published[]>();

function rowsOf(path: string): readonly Published[] {
  const known = read.get(path);
  if (known) return known;
  const rows = parsed(path);
  const fault = publishedFault(rows);
  if (fault) throw new UserError(`the published numbers, ${path}, are damaged: ${fault}`);
  read.set(path, rows as readonly Published[]);
  return rows as readonly Published[];
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readRegularFile(path).toString("utf8")) as unknown;
  } catch (error) {
    throw new UserError(`cannot read the published numbers, ${path}: ${(error as Error).message}`);
  }
}

/** A published row by its id. RangeError for an id that there is none of. */
export function publishedRow(id: string): Published {
  const [row] = publishedRows(each => each.id === id, {recalled: true});
  if (row) return row;
  throw new RangeError(`data/published.json has no row "${id}"`);
}

/** The accuracy as a table shows it: † where only recalled, ‡ where derived. */
export function publishedText({top1, confidence, derived}: Published): string {
  return `${top1}${confidence === "recalled" ? " †" : ""}${derived ? " ‡" : ""}`;
}

/** Whose number it is and of what run: method, data set and length, then where it was seen. */
export function citationText(row: Published): string {
  const {method, dataset, epochs, rounded} = row;
  const parts = [
    method,
    dataset,
    epochs === undefined ? "length not said" : counted(epochs, "epoch"),
    ...(rounded ? ["a whole number, probably read off a figure"] : []),
  ];
  return `${parts.join(", ")}: ${sourceText(row)}`;
}

/** Where it was seen, in a few words. */
export function sourceText({source, confidence, derived}: Published): string {
  const {title, urlOrRepo} = source;
  if (confidence === "recalled") return "† recalled, not checked";
  const where = urlOrRepo === "" ? title : `${title} (${urlOrRepo})`;
  const seen = confidence === "secondary" ? `quoted by ${where}` : where;
  return derived ? `‡ worked out from ${seen}` : seen;
}
