import {InvalidArgumentError} from "commander";
import {UserError} from "../core/errors";
import {provenance} from "../experiments/records/provenance";
import {binarises} from "../layers/method";
import type {SearchResult} from "../search/result";
import type {SearchSpec} from "../search/spec";
import {ticketOf} from "../search/ticketOf";
import {writeTicket} from "../ticket/file";
import type {Json} from "../ticket/ticket";
import {outputPath} from "./output";

/** Writes a search's ticket, with the spec that finds it again and what it was tested on; gives the size in bytes. */
export function saveTicket(
  path: string,
  result: SearchResult,
  data: Parameters<typeof ticketOf>[1],
  fractions?: readonly number[],
): number {
  const {commit, dirty, version} = provenance();
  const made = {
    testImages: result.data.testImages,
    spec: JSON.parse(JSON.stringify(result.spec)) as Json,
    multiprize: version,
    commit: dirty ? `${commit} with changes` : commit,
  };
  return writeTicket(path, ticketOf(result, data, {fractions, provenance: made}));
}

/** Where the ticket goes; refuses, before the search, what could not be saved after it. */
export function savablePath(
  out: string,
  {method}: Pick<SearchSpec, "method">,
  specFile: string | undefined,
): string {
  if (!binarises(method)) {
    throw new UserError(
      `--out needs a ticket, and method ${method} leaves real weights: search with method biprop`,
    );
  }
  return outputPath(out, "ticket", specFile === undefined ? [] : [specFile]);
}

/** Keep fractions with commas between, put in order. */
export function keepFractions(text: string): number[] {
  const fractions = [...new Set(text.split(",").map(Number))].sort((a, b) => a - b);
  if (text.trim() !== "" && fractions.every(fraction => fraction > 0 && fraction <= 1)) return fractions;
  throw new InvalidArgumentError(
    "It must be shares above 0 and at most 1 with commas between, such as 0.1,0.2,0.5.",
  );
}
