import type {Dataset} from "../../data/dataset";
import {searchInWorker} from "../../page/searchInWorker";
import type {SearchRequest} from "../../page/searchMessages";
import {unpackPictures} from "../model/packed";
import {shippedFile} from "../shipped";
import {button, element} from "./element";

/** The search: the library's own, on a net and on pictures few enough for a page. */
export const findSettings: SearchRequest["settings"] = {
  arch: "digits",
  width: 0.5,
  keepFraction: 0.2,
  batchSize: 32,
  epochs: 4,
  interimTestImages: 500,
};
const fractions = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1];

/** From random weights to a ticket, in the page, in a worker; `found` gets the file. */
export class FindOne {
  readonly root: HTMLElement;
  private readonly progress = element("progress", {max: 1, value: 0, "aria-label": "Progress of the search"});
  private readonly news = element("output", {class: "news", "aria-live": "polite"});
  /** Of each step: nobody wants it read aloud six times a second. */
  private readonly step = element("p", {class: "news"});
  private readonly curve = element("div", {class: "curve"});
  private readonly start = button("Search", () => void this.search(), {class: "primary", name: "search"});
  private readonly stop = button("Stop here", () => this.stopping?.abort(), {name: "stop", disabled: true});
  private readonly save = element("a", {class: "save", hidden: true}, "Save the ticket (.mpt)");
  private readonly seed = element("input", {
    type: "number",
    name: "seed",
    min: 0,
    max: 999,
    step: 1,
    value: 0,
  });
  private stopping: AbortController | undefined;

  constructor(private readonly found: (name: string, ticket: Uint8Array) => void) {
    this.root = element(
      "div",
      {class: "findone"},
      element(
        "p",
        {},
        this.start,
        " ",
        this.stop,
        " ",
        element("label", {}, "seed of the random weights ", this.seed),
        " ",
        this.save,
      ),
      this.progress,
      this.news,
      this.step,
      this.curve,
    );
  }

  private async search(): Promise<void> {
    this.start.disabled = true;
    this.stop.disabled = false;
    this.save.hidden = true;
    this.root.dataset.state = "searching";
    this.stopping = new AbortController();
    const began = performance.now();
    const seconds = (): number => Math.round((performance.now() - began) / 1000);
    try {
      this.news.textContent = "fetching digits …";
      const [pictures, script, wasm] = await Promise.all(
        ["digits-to-search.pictures", "searchWorker.mjs", "tfjs-backend-wasm-simd.wasm"].map(shippedFile),
      );
      const dataset = unpackPictures(pictures);
      this.news.textContent = "searching …";
      const seed = Math.trunc(Number(this.seed.value)) || 0;
      const losses: number[] = [];
      const {ticket, testAccuracy} = await searchInWorker(
        workerOf(script),
        await request(dataset, seed, wasm),
        {
          signal: this.stopping.signal,
          onStep: ({epoch, batch, batches, loss}) => {
            losses.push(loss);
            const share = (epoch - 1 + batch / batches) / findSettings.epochs!;
            this.progress.value = share;
            if (losses.length % 5 === 0) this.draw(losses, batches * findSettings.epochs!);
            this.step.textContent = `step ${losses.length} of ${batches * findSettings.epochs!}: loss ${loss.toFixed(3)} · ${seconds()} s`;
          },
        },
      );
      if (!ticket) throw new Error("the search left no ticket");
      this.root.dataset.accuracy = `${testAccuracy}`;
      this.root.dataset.seconds = `${seconds()}`;
      this.news.textContent = `A ticket: ${testAccuracy.toFixed(1)} % of ${dataset.test.count} digits that it never saw, after ${seconds()} s; not one weight was changed. It is open above.`;
      const name = `found-seed-${seed}.mpt`;
      this.save.href = URL.createObjectURL(new Blob([ticket as BlobPart]));
      this.save.download = name;
      this.save.hidden = false;
      this.root.dataset.state = "found";
      this.found(name, ticket);
    } catch (error) {
      this.root.dataset.state = "failed";
      this.news.textContent = `The search ended: ${(error as Error).message}`;
    } finally {
      this.step.textContent = "";
      this.start.disabled = false;
      this.stop.disabled = true;
    }
  }

  /** The loss of each step so far, and what guessing would give. */
  private draw(losses: readonly number[], steps: number): void {
    const [width, height, top] = [300, 60, 2.6];
    const at = (loss: number, step: number): string =>
      `${((width * step) / steps).toFixed(1)},${(height * (1 - Math.min(loss, top) / top)).toFixed(1)}`;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: "xMinYMid",
      role: "img",
      "aria-label": "Loss of each step",
    }))
      svg.setAttribute(name, value);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    line.setAttribute("points", losses.map(at).join(" "));
    svg.append(line);
    this.curve.replaceChildren(svg);
  }
}

/** WebAssembly, on purpose: it gives the same ticket on every machine, and a page from disk has no WebGPU. */
async function request(dataset: Dataset, seed: number, wasm: Uint8Array): Promise<SearchRequest> {
  const address = await dataAddress(wasm, "application/wasm");
  const wasmFiles = Object.fromEntries(
    ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"].map(
      name => [name, address],
    ),
  );
  return {settings: {...findSettings, seed}, dataset, fractions, backend: "wasm", wasmFiles};
}

/** By the browser's own reader, which keeps no frame waiting. */
function dataAddress(bytes: Uint8Array, type: string): Promise<string> {
  const reader = new FileReader();
  return new Promise((settle, refuse) => {
    reader.onload = () => settle(reader.result as string);
    reader.onerror = () => refuse(reader.error);
    reader.readAsDataURL(new Blob([bytes as BlobPart], {type}));
  });
}

function workerOf(script: Uint8Array): Worker {
  return new Worker(URL.createObjectURL(new Blob([script as BlobPart], {type: "text/javascript"})));
}
