import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import type {Browser, Page} from "playwright-core";
import sharp from "sharp";
import {loadDataset} from "../../src/data/load";
import {evaluateTicket} from "../../src/evaluate/evaluateTicket";
import {inferenceOf} from "../../src/infer/inferenceOf";
import {inputOf} from "../../src/infer/pictures/inputOf";
import {readTicket} from "../../src/ticket/file";
import {lacksChromium, openChromium} from "../chromium";

const root = join(__dirname, "..", "..");
const docs = readFileSync(join(root, "docs", "predictions.md"), "utf8");
const COUNT = 500;
let browser: Browser;
let folder: string;

before(async () => {
  if (lacksChromium) return;
  browser = await openChromium();
  folder = mkdtempSync(join(tmpdir(), "multiprize-predictions-"));
  execFileSync("sh", ["-ec", blockOf("files").replaceAll("runs/page", folder)], {cwd: root});
  writeFileSync(join(folder, "index.html"), blockOf("index.html"));
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, {recursive: true});
});

test("the docs' page, as written there, has 500 test digits drawn on its canvas as right as evaluate has them", {
  skip: lacksChromium,
  timeout: 300_000,
}, async t => {
  const digits = await loadDataset("mnist");
  const pixels = Buffer.from(digits.test.images.subarray(0, 784 * COUNT)).toString("base64");
  for (const kind of ["sign", "relu"]) {
    const path = join(root, "data", "tickets", `digits-${kind}-k0.2.mpt`);
    const ticket = readTicket(path);
    const inference = await inferenceOf(ticket);
    const predict = (images: Float32Array, count: number): Float32Array => inference.logits(images, count);
    const {accuracy} = await evaluateTicket(ticket, predict, digits, {images: COUNT});
    await served({files: {"/digits.mpt": readFileSync(path)}}, async address => {
      const page = await opened(address);
      const answers = (await page.evaluate(`(${draw})(${JSON.stringify(pixels)}, ${COUNT})`)) as string[];
      await page.close();
      const right = answers.filter((text, i) => text.startsWith(`${digits.test.labels[i]} (`)).length;
      t.diagnostic(`${kind}: ${right} of ${COUNT} right in the page, ${accuracy} % by evaluate`);
      assert.ok(
        Math.abs((100 * right) / COUNT - accuracy) < 1,
        `${kind}: ${right} of ${COUNT}, ${accuracy} %`,
      );
      assert.ok(
        answers.every(text => /^\d \(\d+ %\)$/.test(text)),
        answers[0],
      );
    });
  }
});

test("a digit drawn with the pointer is answered", {skip: lacksChromium, timeout: 60_000}, async () => {
  await served({}, async address => {
    const page = await opened(address);
    const box = await page.locator("canvas").boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 140, box.y + 50);
    await page.mouse.down();
    for (let y = 50; y <= 230; y += 10) await page.mouse.move(box.x + 140, box.y + y);
    await page.mouse.up();
    await page.waitForFunction(`/^\\d \\(/.test(document.querySelector("output").textContent)`);
    assert.match((await page.locator("output").textContent()) ?? "", /^1 \(/);
    await page.close();
  });
});

test("a page sees canvases, pictures, files and pixels as Node does", {
  skip: lacksChromium,
  timeout: 60_000,
}, async () => {
  const ticket = readTicket(join(folder, "digits.mpt"));
  const grey = Uint8Array.from({length: 60 * 40}, (_, i) => (i * 7 + (i >> 5)) % 256);
  const png = await sharp(grey, {raw: {width: 60, height: 40, channels: 1}})
    .png()
    .toBuffer();
  const expected = await inputOf(ticket, {width: 60, height: 40, data: grey});
  await served({files: {"/grey.png": png}}, async address => {
    const page = await opened(address);
    const seen = (await page.evaluate(`(${everyForm})()`)) as Record<string, number[]>;
    for (const [form, values] of Object.entries(seen)) assert.deepEqual(values, [...expected], form);
    assert.equal(Object.keys(seen).length, 6);
    await page.close();
  });
});

test("under a policy that forbids WebAssembly the error says what to add, and the reference answers", {
  skip: lacksChromium,
  timeout: 60_000,
}, async () => {
  const policy = {"Content-Security-Policy": "script-src 'self' 'unsafe-inline'"};
  await served({headers: policy}, async address => {
    const page = await opened(address);
    const [message, className] = (await page.evaluate(`(${underPolicy})()`)) as string[];
    assert.match(
      message,
      /^UserError: .*Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval'/,
    );
    assert.match(className, /^\d$/);
    await page.close();
  });
});

test("kernels.wasm may come under any type, or none; where it is missing or something else, one line says where it belongs", {
  skip: lacksChromium,
  timeout: 60_000,
}, async () => {
  const kernels = readFileSync(join(folder, "kernels.wasm"));
  for (const type of ["application/octet-stream", "text/plain; charset=utf-8", "", "application/wasm"]) {
    await served({types: {wasm: type}}, async address => {
      const page = await opened(address);
      assert.match(await page.evaluate<string>(`(${classifyBlank})()`), /^\d$/, type);
      await page.close();
    });
  }
  const page404 = Buffer.from("<!doctype html><title>Not found</title>");
  for (const [contents, reason] of [
    [undefined, /status 404/],
    [page404, /magic/],
    [kernels.subarray(0, 900), /./],
    [Buffer.alloc(0), /./],
  ] as const) {
    await served({files: {"/kernels.wasm": contents}}, async address => {
      const page = await opened(address);
      const message = await page.evaluate<string>(`(${classifyBlank})()`);
      assert.match(
        message,
        /^UserError: cannot load the inference kernels from http\S+kernels\.wasm \(.*\): serve kernels\.wasm there/,
      );
      assert.match(message, reason);
      assert.equal(message.split("\n").length, 1);
      await page.close();
    });
  }
});

/** Draws each picture where a reader would, and says what the page then says. */
const draw = `async (pixels, count) => {
  const bytes = Uint8Array.from(atob(pixels), letter => letter.charCodeAt(0));
  const [canvas, output] = ["canvas", "output"].map(name => document.querySelector(name));
  const answers = [];
  for (let i = 0; i < count; i++) {
    const image = new ImageData(28, 28);
    for (let p = 0; p < 784; p++) image.data.set([0, 0, 0].fill(bytes[784 * i + p]).concat(255), 4 * p);
    canvas.getContext("2d").putImageData(image, 0, 0);
    output.textContent = "";
    canvas.dispatchEvent(new PointerEvent("pointerup"));
    while (output.textContent === "") await new Promise(resolve => setTimeout(resolve));
    answers.push(output.textContent);
  }
  return answers;
}`;

const everyForm = `async () => {
  const {decodeTicket, inputOf} = await import("/browser.mjs");
  const ticket = decodeTicket(new Uint8Array(await (await fetch("/digits.mpt")).arrayBuffer()));
  const picture = new Image();
  picture.src = "/grey.png";
  await picture.decode();
  picture.width = 7;
  const canvas = Object.assign(document.createElement("canvas"), {width: 60, height: 40});
  canvas.getContext("2d").drawImage(picture, 0, 0);
  const file = await (await fetch("/grey.png")).blob();
  const forms = {
    address: "/grey.png", file, picture, canvas,
    bitmap: await createImageBitmap(file),
    pixels: canvas.getContext("2d").getImageData(0, 0, 60, 40),
  };
  const seen = {};
  for (const [name, form] of Object.entries(forms)) seen[name] = [...await inputOf(ticket, form)];
  return seen;
}`;

const classifyBlank = `async () => {
  const {classify, decodeTicket} = await import("/browser.mjs");
  const ticket = decodeTicket(new Uint8Array(await (await fetch("/digits.mpt")).arrayBuffer()));
  return classify(ticket, new Uint8Array(784)).then(found => found.className, error => error.name + ": " + error.message);
}`;

const underPolicy = `async () => {
  const {classify, createInference, decodeTicket} = await import("/browser.mjs");
  const ticket = decodeTicket(new Uint8Array(await (await fetch("/digits.mpt")).arrayBuffer()));
  const blank = new Uint8Array(784);
  const message = await classify(ticket, blank).then(() => "no error", error => error.name + ": " + error.message);
  const inference = createInference(ticket, {engine: "reference"});
  return [message, (await classify(ticket, blank, {inference})).className];
}`;

/** The code block that follows a mark in the docs. */
function blockOf(name: string): string {
  const found = new RegExp(`<!-- page: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(docs);
  assert.ok(found, `docs/predictions.md has no block "${name}"`);
  return found[1];
}

async function opened(address: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(`document.querySelector("canvas").onpointerup !== null`);
  return page;
}

interface Serving {
  /** Instead of, or beside, the folder's; undefined for one that is not there. */
  readonly files?: Readonly<Record<string, Uint8Array | undefined>>;
  /** Of files by the ends of their names; "" for none. */
  readonly types?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves the folder while `task` runs; what is no page, module or picture goes as application/octet-stream. */
async function served(
  {files = {}, types: own = {}, headers = {}}: Serving,
  task: (address: string) => Promise<void>,
): Promise<void> {
  const all = new Map<string, Uint8Array | undefined>(
    readdirSync(folder).map(name => [`/${name}`, readFileSync(join(folder, name))]),
  );
  for (const [name, contents] of Object.entries(files)) all.set(name, contents);
  const types: Record<string, string> = {html: "text/html", mjs: "text/javascript", png: "image/png", ...own};
  const server: Server = createServer((request, response) => {
    const name = request.url === "/" ? "/index.html" : (request.url ?? "");
    const type = types[name.split(".").at(-1) as string] ?? "application/octet-stream";
    const contents = all.get(name);
    response
      .writeHead(contents ? 200 : 404, {...(type !== "" && {"Content-Type": type}), ...headers})
      .end(contents);
  });
  await new Promise<void>(resolve => void server.listen(0, "127.0.0.1", resolve));
  try {
    await task(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
  }
}
