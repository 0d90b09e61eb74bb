// node --import tsx test/site/measure.ts [folder]: how soon the explorer answers, and "find one yourself" in the page: its
// seconds, its accuracy, the longest frames meanwhile, and whether Node reads the ticket and finds the same accuracy.
// Of use on a machine that does nothing else.
import {readFileSync} from "node:fs";
import {loadavg} from "node:os";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";
import type {Browser} from "playwright-core";
import {loadMnist} from "../../src/data/mnist";
import {unchanged} from "../../src/explorer/model/changes";
import {Explorer} from "../../src/explorer/model/explorer";
import {packPictures, unpackPictures} from "../../src/explorer/model/packed";
import {loadKernels} from "../../src/infer/wasm/loadKernels";
import {openChromium} from "../chromium";

const explorer = pathToFileURL(join(resolve(process.argv[2] ?? "dist/site"), "explorer.html")).href;
const load = (): string => `[load ${loadavg()[0].toFixed(1)}]`;

async function main(): Promise<void> {
  const browser = await openChromium();
  try {
    await firstAnswer(browser);
    await findOne(browser);
  } finally {
    await browser.close();
  }
}

/** Since the navigation began, by the page's own clock. */
async function firstAnswer(browser: Browser): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const page = await browser.newPage({viewport: {width: 1280, height: 900}});
    await page.goto(explorer);
    await page.waitForSelector("[data-answered]", {timeout: 60_000});
    times.push(Number(await page.getAttribute("[data-explorer]", "data-answered")));
    await page.close();
  }
  times.sort((a, b) => a - b);
  console.log(
    `first answer: median ${times[3].toFixed(0)} ms, ${times[0].toFixed(0)} to ${times[6].toFixed(0)} ms of 7 ${load()}`,
  );
}

async function findOne(browser: Browser): Promise<void> {
  const page = await browser.newPage({viewport: {width: 1280, height: 900}});
  await page.goto(explorer);
  await page.waitForSelector(".sliders[data-right][data-busy=false]", {timeout: 60_000});
  await page.evaluate(`
    window.frames_ = []; window.long_ = [];
    new PerformanceObserver(list => { for (const {duration} of list.getEntries()) long_.push(Math.round(duration)); }).observe({type: "longtask"});
    let last; requestAnimationFrame(function tick(now) { if (last) frames_.push(now - last); last = now; requestAnimationFrame(tick); });`);
  await page.click("button[name=search]");
  await page.waitForSelector(".findone[data-seconds]", {timeout: 300_000});
  // Opening what was found belongs to it: it is read, drawn and counted as any ticket.
  await page.waitForFunction(
    `document.querySelector(".ticketfacts").textContent.startsWith("found") && document.querySelector(".sliders").dataset.busy === "false"`,
  );
  await page.waitForTimeout(1000);
  const {accuracy, seconds} = await page.$eval(
    ".findone",
    box => ({...(box as HTMLElement).dataset}) as Record<string, string>,
  );
  const [frames, long] = await page.evaluate<[number[], number[]]>(
    "[frames_.sort((a, b) => b - a).slice(0, 5).map(Math.round), long_.sort((a, b) => b - a).slice(0, 8)]",
  );
  console.log(
    `find one: ${accuracy} % in ${seconds} s; longest frames ${frames.join(", ")} ms; long tasks ${long.join(", ") || "none"} ms ${load()}`,
  );
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("a.save")]);
  const bytes = readFileSync(await saved.path());
  const inNode = new Explorer(await loadKernels());
  inNode.open("found.mpt", bytes);
  inNode.use(unpackPictures(packPictures(loadMnist(), {train: 3000, test: 500})));
  const {right, count} = await inNode.accuracy(unchanged);
  console.log(
    `in Node: ${right} of ${count}, ${((100 * right) / count).toFixed(1)} %; in the page ${accuracy} %`,
  );
  await page.close();
}

main();
