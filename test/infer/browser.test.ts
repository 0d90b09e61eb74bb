import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {inferenceOf} from "../../src/infer/inferenceOf";
import {encodeTicket} from "../../src/ticket/encode";
import {randomTicket} from "../ticket/randomTicket";
import {askPage, findChromium, type PageFile} from "./chromium";
import {randomImages} from "./randomNetwork";

const dist = join(__dirname, "..", "..", "dist", "infer");
const browser = findChromium();
const COUNT = 19;

/** Decodes each ticket, predicts, and sends all logits, or what went wrong. */
const page = `<!doctype html><script type="module">
  const bytes = async name => new Uint8Array(await (await fetch(name)).arrayBuffer());
  const send = body => fetch("/answer", {method: "POST", body});
  try {
    const {createInference, decodeTicket, inferencePool} = await import("/browser.mjs");
    const kernels = await WebAssembly.compileStreaming(fetch("/kernels.wasm"));
    const logits = [];
    for (const name of ["relu", "sign"]) {
      const images = new Float32Array((await bytes(\`/\${name}.images\`)).buffer);
      const ticket = decodeTicket(await bytes(\`/\${name}.mpt\`));
      logits.push(...createInference(ticket, {kernels}).logits(images, ${COUNT}));
      const pool = await inferencePool(ticket, {kernels, thread: "/thread.mjs", threads: 2});
      logits.push(...await pool.logits(images, ${COUNT}));
      await pool.close();
    }
    await send(Float32Array.from(logits));
  } catch (error) {
    await send(String(error.stack));
  }
</script>`;

test("Chromium gives the logits that Node gives, to the last bit, on one thread and on two", {
  skip: browser ? false : "NO CHROMIUM ON THIS MACHINE: install one or name it in MULTIPRIZE_BROWSER",
}, async () => {
  const files: Record<string, PageFile> = {
    "/": ["text/html", page],
    "/answer": ["text/plain", ""],
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
    expected.push(...logits, ...logits);
  }
  const answer = await askPage(browser!, files);
  assert.equal(answer.length, 4 * expected.length, new TextDecoder().decode(answer));
  assert.deepEqual([...new Float32Array(answer.slice().buffer)], expected);
});
