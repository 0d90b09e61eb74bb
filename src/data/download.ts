import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {mkdtemp, open, rename, rm} from "node:fs/promises";
import {basename, join} from "node:path";
import type {ReadableStream} from "node:stream/web";
import {extract} from "tar";
import {UserError} from "../core/errors";
import {makeFolder} from "../system/folder";
import {CIFAR10_FOLDER, hashCifar10} from "./cifar10";
import {cifar10Files, identify, officialArchive} from "./fingerprints";

/** Where to fetch from and to, and who follows it. */
export interface DownloadOptions {
  /** Where `cifar-10-batches-bin` is put; made where missing. */
  readonly directory: string;
  readonly url?: string;
  /** sha256 the archive must have, in hexadecimal. */
  readonly sha256?: string;
  /** Aborting leaves nothing behind and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Bytes received so far, and in all where the server says. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/** What was fetched, and where it lies now. */
export interface Downloaded {
  /** The folder to load from. */
  readonly folder: string;
  /** What its files are: "cifar10" for the official archive. */
  readonly name: string;
  /** False where the official files were there already: then nothing is fetched. */
  readonly fetched: boolean;
}

/**
 * Fetches the official CIFAR-10 archive, checks its sha256 and unpacks it as `directory/cifar-10-batches-bin`, which
 * appears whole or not at all. Whatever goes wrong is a UserError that says what to do.
 */
export async function downloadCifar10(options: DownloadOptions): Promise<Downloaded> {
  const {directory, url = officialArchive.url, sha256 = officialArchive.sha256, signal, onProgress} = options;
  const folder = join(directory, CIFAR10_FOLDER);
  if (existsSync(folder)) return checkPresent(folder);
  const work = await makeWorkFolder(directory);
  try {
    const archive = join(work, "archive.tar.gz");
    const actual = await fetchToFile(url, archive, signal, onProgress);
    if (actual !== sha256) {
      throw new UserError(
        `${url} sent a damaged archive, nothing was kept: its sha256 is ${actual}, expected ${sha256}; try again`,
      );
    }
    await unpack(archive, work, url);
    signal?.throwIfAborted();
    await rename(join(work, CIFAR10_FOLDER), folder);
  } catch (error) {
    throw signal?.aborted ? signal.reason : explainDisk(error, directory);
  } finally {
    await rm(work, {recursive: true, force: true});
  }
  return {folder, name: identify(await hashCifar10(folder)).name, fetched: true};
}

async function checkPresent(folder: string): Promise<Downloaded> {
  const digests = await hashCifar10(folder).catch(() => []);
  const {name} = identify(digests);
  if (name === "cifar10") return {folder, name, fetched: false};
  throw new UserError(
    `${folder} is there already and holds ${name}, not the official files; remove it or name another --data-dir`,
  );
}

async function makeWorkFolder(directory: string): Promise<string> {
  try {
    makeFolder(directory);
    return await mkdtemp(join(directory, ".cifar10-download-"));
  } catch (error) {
    throw explainDisk(error, directory);
  }
}

/** Streams `url` to `file`, through the environment's proxy if there is one; returns the sha256 of what was written. */
async function fetchToFile(
  url: string,
  file: string,
  signal: AbortSignal | undefined,
  onProgress: DownloadOptions["onProgress"],
): Promise<string> {
  const {EnvHttpProxyAgent, fetch} = await import("undici");
  // HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as npm and pip obey them; Node's own fetch does not.
  const dispatcher = new EnvHttpProxyAgent();
  const response = await fetch(url, {signal, dispatcher}).catch(error => {
    throw explainNetwork(error, url);
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new UserError(`${url} answered ${response.status} ${response.statusText}; ${byHand(url)}`);
  }
  const length = response.headers.get("content-length");
  const total = length === null ? undefined : Number(length);
  const hash = createHash("sha256");
  const output = await open(file, "wx");
  try {
    let received = 0;
    for await (const chunk of readChunks(response.body, url)) {
      hash.update(chunk);
      await output.writeFile(chunk);
      received += chunk.length;
      onProgress?.(received, total);
    }
    if (total !== undefined && received !== total) {
      throw new UserError(`${url} sent ${received} of ${total} bytes, nothing was kept; try again`);
    }
  } finally {
    await output.close();
    await dispatcher.destroy();
  }
  return hash.digest("hex");
}

/** The chunks of a body; a connection that breaks is a UserError. */
async function* readChunks(body: ReadableStream<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const {done, value} = await reader.read().catch(error => {
        throw explainNetwork(error, url);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Takes the data files, and only those, out of the archive. */
async function unpack(archive: string, work: string, url: string): Promise<void> {
  const wanted = new Set<string>([...cifar10Files, "batches.meta.txt", "readme.html"]);
  try {
    await extract({file: archive, cwd: work, strict: true, filter: path => wanted.has(basename(path))});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw new UserError(
      `the archive from ${url} cannot be unpacked (${(error as Error).message}); nothing was kept`,
    );
  }
  const missing = cifar10Files.find(file => !existsSync(join(work, CIFAR10_FOLDER, file)));
  if (missing)
    throw new UserError(`the archive from ${url} lacks ${CIFAR10_FOLDER}/${missing}; nothing was kept`);
}

function explainNetwork(error: unknown, url: string): Error {
  const {message, cause} = error as Error & {cause?: NodeJS.ErrnoException};
  const proxy = proxyName();
  const through = proxy === undefined ? "" : ` through the proxy that ${proxy} names`;
  return new UserError(
    `cannot fetch ${url}${through} (${cause?.code ?? cause?.message ?? message}); check the connection, or ${byHand(url)}`,
  );
}

/** The variable that names a proxy; its value may hold a password, and is not told. */
function proxyName(): string | undefined {
  return ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"].find(name => process.env[name]);
}

function explainDisk(error: unknown, directory: string): unknown {
  const {code, syscall} = error as NodeJS.ErrnoException;
  if (error instanceof UserError || code === undefined || syscall === undefined) return error;
  return new UserError(
    `cannot write to ${directory} (${code}); free space there, or name another --data-dir`,
  );
}

function byHand(url: string): string {
  return `fetch ${basename(url)} by other means and unpack it in the data folder`;
}
