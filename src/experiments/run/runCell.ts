import {existsSync, rmSync} from "node:fs";
import {dirname, join} from "node:path";
import {DiskError} from "../../core/errors";
import {type Pictures, sourceOf} from "../../data/source";
import {checkpointPath} from "../../search/checkpoint";
import {Diverged} from "../../search/diverged";
import {Interrupted} from "../../search/interrupt";
import {OtherMachine, runContext} from "../../search/run";
import {type SearchOptions, type SearchResult, search} from "../../search/search";
import {makeFolder, tryWriting} from "../../system/folder";
import {type Lock, LostLock, tryLock} from "../../system/lock";
import {writeWholeFile} from "../../system/wholeFile";
import type {Cell} from "../define/experiment";
import type {Places} from "../records/places";
import type {Provenance} from "../records/provenance";
import type {RunRecord} from "../records/record";
import {divergedRecord, recordOf} from "../records/recordOf";
import {appendRecord, loadRecords} from "../records/store";
import {cellFolder, failureOf, failurePath, lockPath, recordOfCell} from "./state";

export interface CellOptions extends Pick<SearchOptions, "signal" | "onStep" | "onEpoch" | "onNotice"> {
  readonly places: Places;
  readonly provenance: Provenance;
  /** Runs a cell again whose last run failed. */
  readonly retry?: boolean;
  /** Goes on with a checkpoint of a machine that rounds otherwise. */
  readonly otherMachine?: boolean;
  /** Begins a cell anew whose checkpoint such a machine made. */
  readonly anew?: boolean;
  readonly keepCheckpoints?: boolean;
  readonly everySeconds?: number;
  /** Called once the cell is this process's to run. */
  readonly onStart?: () => void;
}

/** What became of a cell in one process. */
export type CellOutcome =
  | {readonly outcome: "recorded"; readonly record: RunRecord}
  | {readonly outcome: "ran"; readonly record: RunRecord}
  /** Another living process has it. */
  | {readonly outcome: "elsewhere"}
  /** Begun on a machine that rounds otherwise, and left to it. */
  | {readonly outcome: "other machine"; readonly reason: string}
  | {readonly outcome: "failed"; readonly reason: string; readonly earlier: boolean};

/**
 * Runs one cell unless it is recorded, and records it: claims it (a lock that dies with its process), goes on with its
 * checkpoint where there is one, appends the record, and only then lets the checkpoint go. Killed at any moment and
 * called again, it ends with one record. On Ctrl-C the search saves and `Interrupted` is thrown.
 */
export async function runCell(cell: Cell, pictures: Pictures, options: CellOptions): Promise<CellOutcome> {
  const {places} = options;
  const before = settled(cell, pictures, options);
  if (before?.outcome === "recorded") tidyAfterKill(cell, options);
  if (before) return before;
  const lock = claim(lockPath(places.runs, cell.id));
  if (lock === undefined) return {outcome: "elsewhere"};
  try {
    // Another process may have finished it between the look and the claim.
    return settled(cell, pictures, options) ?? (await runClaimed(cell, pictures, options, lock));
  } finally {
    lock.release();
  }
}

/** What a process leaves that is killed after its cell was recorded. */
function tidyAfterKill({id}: Cell, {places: {runs}, keepCheckpoints = false}: CellOptions): void {
  const directory = cellFolder(runs, id);
  if (!existsSync(lockPath(runs, id)) && (keepCheckpoints || !existsSync(directory))) return;
  try {
    const lock = claim(lockPath(runs, id));
    if (lock && !keepCheckpoints) rmSync(directory, {recursive: true, force: true});
    lock?.release();
  } catch {
    // A folder that cannot be written keeps them: the cell is recorded all the same.
  }
}

function settled(
  cell: Cell,
  pictures: Pictures,
  {places, retry = false}: CellOptions,
): CellOutcome | undefined {
  const record = recordOfCell(loadRecords(places.results).records, cell, pictures.name);
  if (record) return {outcome: "recorded", record};
  const reason = retry ? undefined : failureOf(places.runs, cell.id);
  return reason === undefined ? undefined : {outcome: "failed", reason, earlier: true};
}

async function runClaimed(
  cell: Cell,
  pictures: Pictures,
  options: CellOptions,
  lock: Lock,
): Promise<CellOutcome> {
  const {places, provenance, keepCheckpoints = false, otherMachine, anew, everySeconds = 60} = options;
  const directory = cellFolder(places.runs, cell.id);
  const finish = async (record: RunRecord): Promise<CellOutcome> => {
    lock.check();
    await appendRecord(join(places.results, `${cell.experiment}.jsonl`), record);
    rmSync(failurePath(places.runs, cell.id), {force: true});
    if (!keepCheckpoints) rmSync(directory, {recursive: true, force: true});
    return {outcome: "ran", record};
  };
  writable(places.results);
  options.onStart?.();
  const {signal, onStep, onEpoch, onNotice} = options;
  const checkpoint = {directory, resume: true, otherMachine, everySeconds};
  const begin = (): Promise<SearchResult> =>
    search(cell.spec, pictures, {signal, onStep, onEpoch, onNotice, checkpoint});
  try {
    const result = await begin().catch((error: unknown) => {
      if (!(error instanceof OtherMachine) || !anew) throw error;
      lock.check();
      onNotice?.(`${cell.label} is begun anew: ${error.message}`);
      rmSync(checkpointPath(directory), {force: true});
      return begin();
    });
    try {
      return await finish(await recordOf(cell, result, pictures, provenance));
    } finally {
      result.network.model.dispose();
    }
  } catch (error) {
    // A disk that takes no more is no fault of the cell's: with room again the same command goes on.
    if (error instanceof Interrupted || error instanceof DiskError || signal?.aborted) throw error;
    if (error instanceof LostLock) return {outcome: "elsewhere"};
    if (error instanceof OtherMachine) return {outcome: "other machine", reason: error.message};
    if (error instanceof Diverged) {
      const {spec} = cell;
      const whole = sourceOf(pictures);
      const used = spec.subset === undefined ? whole : whole.subset(spec.subset);
      return finish(divergedRecord(cell, runContext(spec, used), error.message, provenance));
    }
    const reason = (error as Error).message;
    noteFailure(failurePath(places.runs, cell.id), reason, error as Error);
    return {outcome: "failed", reason, earlier: false};
  }
}

function claim(path: string): Lock | undefined {
  try {
    return tryLock(path);
  } catch (error) {
    throw new DiskError(`cannot claim a cell in ${dirname(path)}: ${(error as Error).message}`);
  }
}

/** Refuses, before hours of search, a folder that its record could not be written to. */
function writable(results: string): void {
  try {
    tryWriting(results);
  } catch (error) {
    throw new DiskError(`cannot write records to ${results}: ${(error as Error).message}`);
  }
}

function noteFailure(path: string, reason: string, {stack}: Error): void {
  try {
    makeFolder(dirname(path));
    writeWholeFile(path, `${JSON.stringify({reason, at: new Date().toISOString(), stack}, null, 2)}\n`);
  } catch (error) {
    throw new DiskError(`cannot write the note ${path}: ${(error as Error).message}; it says: ${reason}`);
  }
}
