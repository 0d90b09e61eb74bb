import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import {test} from "node:test";
import {inferenceOf} from "../../src/infer/inferenceOf";
import {encodeTicket} from "../../src/ticket/encode";
import {lacksChromium, openChromium} from "../chromium";
import {randomTicket} from "../ticket/randomTicket";
import {randomImages} from "./randomNetwork";

const dist = join(__dirname, "..", "..", "dist", "infer");
const COUNT = 19;
const WAYS = 4;

/**
 * Decodes each ticket, predicts with kernels that the page compiled, with those beside browser.mjs, and on two threads;
 * shows all logits and how a file is refused, or what went wrong.
 */
const page = `<!doctype html><script type="module">
  const bytes = async name => new Uint8Array(await (await fetch(name)).arrayBuffer());
  try {
    const {createInference, decodeTicket, inferenceOf, inferencePool, readTicket} = await import("/browser.mjs");
    const kernels = await WebAssembly.compileStreaming(fetch("/kernels.wasm"));
    const logits = [];
    for (const name of ["relu", "sign"]) {
      const images = new Float32Array((await bytes(\`/\${name}.images\`)).buffer);
      const ticket = decodeTicket(await bytes(\`/\${name}.mpt\`));
      logits.push(...createInference(ticket, {kernels}).logits(images, ${COUNT}));
      logits.push(...(await inferenceOf(ticket)).logits(images, ${COUNT}));
      for (const files of [{}, {kernels, thread: "/thread.mjs"}]) {
        const pool = await inferencePool(ticket, 2, files);
        logits.push(...await pool.logits(images, ${COUNT}));
        await pool.close();
      }
    }
    let refusal = "none";
    try { readTicket("digits.mpt"); } catch (error) { refusal = error.name + ": " + error.message; }
    window.found = {logits, refusal};
  } catch (error) {
    window.found = String(error.stack);
  }
</script>`;

test("Chromium gives the logits that Node gives, to the last bit, on one thread and on two", {
  skip: lacksChromium,
  timeout: 120_000,
}, async () => {
  const files: Record<string, PageFile> = {
    "/": ["text/html", page],
    "/browser.mjs": ["text/javascript", readFileSync(join(dist, "browser.mjs"))],
    "/thread.mjs": ["text/javascript", readFileSync(join(dist, "thread.mjs"))],
    "/kernels.wasm": ["application/wasm", readFileSync(join(dist, "kernels.wasm"))],
  };
  const expected: number[] = [];
  for (const activation of ["relu", "sign"] as const) {
    const ticket = randomTicket({arch: "cifar-resnet20", activation, batchNorm: "learned"});
    const images = randomImages(ticket.image, COUNT);
    files[`/${activation}.mpt`] = ["application/octet-stream", encodeTicket(ticket)];
    files[`/${activation}.images`] = ["application/octet-stream", new Uint8Array(images.buffer)];
    const logits = (await inferenceOf(ticket)).logits(images, COUNT);
    for (let way = 0; way < WAYS; way++) expected.push(...logits);
  }
  const server = serve(files);
  const browser = await openChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(await addressOf(server));
    const answer = await tab.waitForFunction("window.found", undefined, {timeout: 60_000});
    const refusal =
      "UserError: a web page reads and writes no files, digits.mpt neither: fetch the bytes for decodeTicket, save those of encodeTicket";
    assert.deepEqual(await answer.jsonValue(), {logits: expected, refusal});
  } finally {
    await browser.close();
    server.close();
  }
});

/** A file of the page: its type and contents. */
type PageFile = readonly [type: string, contents: string | Uint8Array];

/** Serves the files with what lets a page share memory between its workers. */
function serve(files: Readonly<Record<string, PageFile>>): Server {
  const isolation = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  };
  return createServer((request, response) => {
    const file = files[request.url ?? "/"];
    response
      .writeHead(file ? 200 : 404, {...isolation, "Content-Type": file?.[0] ?? "text/plain"})
      .end(file?.[1]);
  });
}

async function addressOf(server: Server): Promise<string> {
  await new Promise<void>(resolve => void server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
