import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from "node:fs";
import {join} from "node:path";
import {setTimeout as later} from "node:timers/promises";
import {DiskError, UserError} from "../../core/errors";
import {makeFolder} from "../../system/folder";
import {type Lock, lockHolder, tryLock} from "../../system/lock";
import {readRegularFile} from "../../system/regularFile";
import {contradiction} from "./contradiction";
import type {RunRecord} from "./record";
import {recordFault} from "./schema";
import {specId} from "./specId";

/** What a results folder holds. */
export interface Results {
  /** In the order of files and lines. */
  readonly records: readonly RunRecord[];
  /** Lines that were cut off while they were written, one sentence each; their runs count as not done. */
  readonly torn: readonly string[];
}

const NEWLINE = 10;
const PATIENCE_SECONDS = 60;
/** How every record begins: a line that is no JSON but begins so was cut off. */
const beginning = '{"format":';

/** All records of a folder's .jsonl files; none where the folder is not there. A line that is none is a UserError. */
export function loadRecords(folder: string): Results {
  if (!existsSync(folder)) return {records: [], torn: []};
  const files = readdirSync(folder)
    .filter(name => name.endsWith(".jsonl"))
    .sort();
  const read = files.map(name => readRecords(join(folder, name)));
  return {records: read.flatMap(each => each.records), torn: read.flatMap(each => each.torn)};
}

/** The records of one file. */
export function readRecords(path: string): Results {
  const records: RunRecord[] = [];
  const torn: string[] = [];
  for (const [i, line] of readRegularFile(path).toString("utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    const where = `${path} line ${i + 1}`;
    const value = parsed(line);
    if (value !== undefined) records.push(checked(value, where));
    else if (line.startsWith(beginning) || beginning.startsWith(line))
      torn.push(`${where} was cut off while it was written: its run counts as not done`);
    else throw new UserError(`${where} is no record: it is not JSON. Mend it or take the line out`);
  }
  return {records, torn};
}

/**
 * Appends a record as one line, flushed. Writers of several processes and machines wait for each other (a lock beside
 * the file); a line that an earlier writer left unfinished is ended first, so that it cannot swallow this one.
 */
export async function appendRecord(path: string, record: RunRecord): Promise<void> {
  const line = `${JSON.stringify(record)}\n`;
  checked(JSON.parse(line), "the record to be written");
  let lock: Lock | undefined;
  try {
    makeFolder(join(path, ".."));
    lock = await lockWithPatience(`${path}.lock`);
    const file = openSync(path, "a+");
    try {
      appendWhole(file, Buffer.from(endsInside(file) ? `\n${line}` : line));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new DiskError(`cannot write the record to ${path}: ${(error as Error).message}`);
  } finally {
    lock?.release();
  }
}

/** Appends all of the bytes, flushed, or throws and leaves the file as it was. */
function appendWhole(file: number, bytes: Uint8Array): void {
  const {size} = fstatSync(file);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function checked(value: unknown, where: string): RunRecord {
  const fault = recordFault(value);
  if (fault) throw new UserError(`${where}: ${fault}`);
  const record = value as RunRecord;
  const wrong = record.outcome === "done" ? contradiction(record) : undefined;
  if (wrong) throw new UserError(`${where} contradicts itself: ${wrong}`);
  const id = specId(record as never);
  if (id === record.specId) return record;
  throw new UserError(
    `${where}: its spec is unknown: it has the name ${id}, the record says ${record.specId}; it was changed, or written by another version`,
  );
}

/** Whether the last line lacks its end. */
function endsInside(file: number): boolean {
  const {size} = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== NEWLINE;
}

async function lockWithPatience(path: string): Promise<Lock> {
  for (let tried = 0; tried < 20 * PATIENCE_SECONDS; tried++) {
    const lock = tryLock(path);
    if (lock) return lock;
    await later(50);
  }
  throw new UserError(`${path} has been held for a minute by ${lockHolder(path) ?? "another process"}`);
}
