import {spawn, spawnSync} from "node:child_process";
import {EventEmitter, once} from "node:events";
import {mkdtempSync, rmSync} from "node:fs";
import {createServer, type IncomingMessage} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

/** The first Chromium of this machine; MULTIPRIZE_BROWSER names another. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const asked = process.env.MULTIPRIZE_BROWSER;
  return (asked ? [asked] : names).find(name => spawnSync(name, ["--version"]).status === 0);
}

/** A file of the page: its type and contents. */
export type PageFile = readonly [type: string, contents: string | Uint8Array];

/**
 * Opens `files["/"]` in a headless Chromium and gives the body of the first POST that the page sends back.
 */
export async function askPage(
  browser: string,
  files: Readonly<Record<string, PageFile>>,
): Promise<Uint8Array> {
  const profile = mkdtempSync(join(tmpdir(), "multiprize-chromium-"));
  const posts = new EventEmitter();
  const server = createServer(async (request, response) => {
    const file = files[request.url ?? "/"];
    response
      .writeHead(file ? 200 : 404, {...isolation, "Content-Type": file?.[0] ?? "text/plain"})
      .end(file?.[1]);
    if (request.method === "POST") posts.emit("body", await bytesOf(request));
  });
  await new Promise<void>(resolve => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const quiet = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    `--user-data-dir=${profile}`,
  ];
  const child = spawn(browser, [...quiet, url], {stdio: "ignore"});
  const ended = once(child, "exit");
  try {
    const [body] = await once(posts, "body", {signal: AbortSignal.timeout(60_000)});
    return body as Uint8Array;
  } finally {
    child.kill("SIGKILL");
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
  }
}

/** What lets a page share memory between its workers. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

/** Opens a file in a headless Chromium, from disk, lets its own clock run for a while, and gives the page as HTML. */
export function pageFromDisk(browser: string, file: string, milliseconds: number): string {
  const profile = mkdtempSync(join(tmpdir(), "multiprize-chromium-"));
  const options = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    `--user-data-dir=${profile}`,
    `--virtual-time-budget=${milliseconds}`,
    "--dump-dom",
    pathToFileURL(file).href,
  ];
  try {
    const {stdout} = spawnSync(browser, options, {encoding: "utf8", timeout: 60_000, maxBuffer: 1 << 26});
    return stdout;
  } finally {
    rmSync(profile, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
  }
}
