import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {DiskError, UserError} from "../core/errors";
import {makeFolder} from "../system/folder";
import {type Lock, lockHolder, tryLock} from "../system/lock";
import {readRegularFile} from "../system/regularFile";
import {sweepUnfinished, writeWholeFile} from "../system/wholeFile";

/** What a checkpoint holds besides arrays: plain JSON. */
export type Header = Readonly<Record<string, unknown>>;

export interface Checkpoint {
  readonly header: Header;
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

const MAGIC = "MPCK";
const VERSION = 1;
const PREAMBLE_BYTES = 12;
const DIGEST_BYTES = 32;

export function checkpointPath(directory: string): string {
  return join(directory, "checkpoint.bin");
}

/**
 * Keeps other processes from writing the folder's checkpoint; one that does already is named in the error. What dead ones
 * were writing goes.
 */
export function lockCheckpoint(directory: string): Lock {
  const path = join(directory, "checkpoint.lock");
  let lock: Lock | undefined;
  try {
    lock = tryLock(path);
  } catch (error) {
    throw new DiskError(
      `cannot write the checkpoint ${checkpointPath(directory)}: ${(error as Error).message}`,
    );
  }
  if (lock) {
    sweepUnfinished(checkpointPath(directory));
    return lock;
  }
  throw new UserError(
    `${directory} is in use by ${lockHolder(path) ?? "another process"}: let it end, or end it`,
  );
}

/**
 * Writes a checkpoint; a kill at any moment leaves the old one or the whole new one. Layout, little-endian:
 * "MPCK", version u32, header length u32, header JSON (with the arrays' names and sizes), the arrays as float32, SHA-256
 * of all before.
 */
export function writeCheckpoint(directory: string, {header, arrays}: Checkpoint): void {
  const sizes = [...arrays].map(([name, values]) => ({name, length: values.length}));
  const json = Buffer.from(JSON.stringify({header, arrays: sizes}), "utf8");
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  preamble.write(MAGIC, 0, "latin1");
  preamble.writeUInt32LE(VERSION, 4);
  preamble.writeUInt32LE(json.length, 8);
  const parts = [preamble, json, ...[...arrays.values()].map(bytesOf)];
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  const path = checkpointPath(directory);
  try {
    makeFolder(directory);
    writeWholeFile(path, [...parts, digest.digest()]);
  } catch (error) {
    throw new DiskError(`cannot write the checkpoint ${path}: ${(error as Error).message}`);
  }
}

/** Reads a checkpoint, or gives undefined where there is none. A damaged one is refused. */
export function readCheckpoint(directory: string): Checkpoint | undefined {
  const path = checkpointPath(directory);
  if (!existsSync(path)) return undefined;
  let bytes: Buffer;
  try {
    bytes = readRegularFile(path);
  } catch (error) {
    throw new UserError(`cannot read the checkpoint ${path}: ${(error as Error).message}`);
  }
  const damaged = (why: string): never => {
    throw new UserError(`the checkpoint ${path} is damaged (${why}); move it away to start anew`);
  };
  if (bytes.length < PREAMBLE_BYTES + DIGEST_BYTES) damaged(`${bytes.length} bytes are too few`);
  if (bytes.toString("latin1", 0, 4) !== MAGIC) damaged("it does not begin as one");
  const version = bytes.readUInt32LE(4);
  if (version !== VERSION)
    throw new UserError(`the checkpoint ${path} has version ${version}; this reader knows ${VERSION}`);
  const body = bytes.subarray(0, bytes.length - DIGEST_BYTES);
  const digest = createHash("sha256").update(body).digest();
  if (!digest.equals(bytes.subarray(body.length))) damaged("its checksum does not hold");
  const headerEnd = PREAMBLE_BYTES + bytes.readUInt32LE(8);
  const {header, arrays} = JSON.parse(body.toString("utf8", PREAMBLE_BYTES, headerEnd)) as {
    header: Header;
    arrays: {name: string; length: number}[];
  };
  let at = headerEnd;
  const read = arrays.map(({name, length}): [string, Float32Array] => {
    const values = new Float32Array(length);
    body.copy(bytesOf(values), 0, at, at + values.byteLength);
    at += values.byteLength;
    return [name, values];
  });
  return {header, arrays: new Map(read)};
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
