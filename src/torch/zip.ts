import type {Entry, ZipFile} from "yauzl";
import {crc32} from "../core/crc32";
import {CheckpointError} from "./checkpointError";

const MOST_ENTRIES = 65_536;
const STORED = 0;

/**
 * The files in a zip that PyTorch wrote: stored, not compressed, so none can be larger than the zip. Reads those asked
 * for and no others; together they are at most as large as the zip, even if its directory says that they overlap.
 */
export class StoredZip {
  private given = 0;

  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  static async open(path: string): Promise<StoredZip> {
    const {openPromise} = await import("yauzl");
    const zip = await named(openPromise(path, {autoClose: false, lazyEntries: true}), path);
    try {
      if (zip.entryCount > MOST_ENTRIES) throw new CheckpointError(`the zip lists ${zip.entryCount} files`);
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
      return new StoredZip(zip, entries);
    } catch (error) {
      zip.close();
      throw asCheckpointError(error);
    }
  }

  close(): void {
    this.zip.close();
  }

  names(): string[] {
    return [...this.entries.keys()];
  }

  /** The bytes of a file of at most `most` bytes. */
  async read(name: string, most: number): Promise<Uint8Array> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new CheckpointError(`it lacks ${name}`);
    const {compressionMethod, compressedSize, uncompressedSize: size} = entry;
    if (compressionMethod !== STORED || compressedSize !== size) {
      throw new CheckpointError(`${name} is compressed, as torch.save never does`);
    }
    this.given += size;
    if (size > most || this.given > this.zip.fileSize) {
      throw new CheckpointError(`${name} claims ${size} bytes, more than it may have`);
    }
    const bytes = await this.bytesOf(entry, size);
    if (crc32(bytes) !== entry.crc32)
      throw new CheckpointError(`${name} is damaged: its checksum does not fit`);
    return bytes;
  }

  /** Its end is checked by the stream: another length than `size` is an error. */
  private async bytesOf(entry: Entry, size: number): Promise<Uint8Array> {
    try {
      const bytes = new Uint8Array(size);
      let at = 0;
      for await (const chunk of await this.zip.openReadStreamPromise(entry)) {
        bytes.set(chunk as Uint8Array, at);
        at += (chunk as Uint8Array).length;
      }
      if (at !== size) throw new CheckpointError(`${entry.fileName} is cut off`);
      return bytes;
    } catch (error) {
      throw asCheckpointError(error);
    }
  }
}

async function named(opening: Promise<ZipFile>, path: string): Promise<ZipFile> {
  try {
    return await opening;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) {
      throw new CheckpointError(`cannot read ${path}: ${(error as Error).message}`);
    }
    throw new CheckpointError(`the zip is damaged or cut off: ${(error as Error).message}`);
  }
}

function asCheckpointError(error: unknown): CheckpointError {
  if (error instanceof CheckpointError) return error;
  return new CheckpointError(`the zip is damaged: ${(error as Error).message}`);
}
