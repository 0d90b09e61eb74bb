import {existsSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {cpus} from "node:os";
import {dirname} from "node:path";
import {precisionHere} from "../../backend/arithmetic";
import {backendInfo} from "../../backend/backend";
import {syntheticImages} from "../../bench/syntheticImages";
import {architectures, type ImageShape, operationsOf} from "../../network/architectures";
import {modelFlops} from "../../network/flops";
import {searchSpec} from "../../search/defaults";
import {search} from "../../search/search";
import type {SearchSpec} from "../../search/spec";
import {makeFolder} from "../../system/folder";

/** Milliseconds a search step took, by machine and then by kind of step. */
type Table = Record<string, Record<string, number>>;

const WARM_UP = 2;
const TIMED = 3;
/** A step of more floating-point operations is not measured: it takes a minute, or all memory. */
const MOST_FLOPS = 2e12;

/** How long steps take on this machine: measured once and kept in a file. */
export class StepTimes {
  private readonly table: Table;
  private readonly machine: string;

  constructor(private readonly path: string) {
    this.table = readTable(path);
    const {backend, version, threads, kernels, device} = backendInfo();
    this.machine = [cpus()[0]?.model.trim(), `${threads} threads`, backend, version, kernels, device].join(
      ", ",
    );
    this.table[this.machine] ??= {};
  }

  /** What the numbers were measured on. */
  get measuredOn(): string {
    return this.machine;
  }

  known(spec: SearchSpec, image: ImageShape): number | undefined {
    return this.table[this.machine][kindOf(spec, image)];
  }

  /** The step of a spec, measured now unless it is known; one too large for that is estimated. */
  async measured(spec: SearchSpec, image: ImageShape, signal?: AbortSignal): Promise<number> {
    const known = this.known(spec, image);
    if (known !== undefined) return known;
    if (stepFlops(spec, image) > MOST_FLOPS) return this.estimated(spec, image, signal);
    const milliseconds = await measureStep(spec, image, signal);
    this.table[this.machine][kindOf(spec, image)] = milliseconds;
    this.save();
    return milliseconds;
  }

  /** Known, or scaled by floating-point operations from a step of Conv4 in the same precision and activation. */
  async estimated(spec: SearchSpec, image: ImageShape, signal?: AbortSignal): Promise<number> {
    const known = this.known(spec, image);
    if (known !== undefined) return known;
    const {activation, precision} = spec;
    const near = searchSpec({arch: "conv4", activation, precision, keepFraction: 0.5});
    const nearImage = architectures.conv4.image;
    const milliseconds = await this.measured(near, nearImage, signal);
    return (milliseconds * stepFlops(spec, image)) / stepFlops(near, nearImage);
  }

  private save(): void {
    makeFolder(dirname(this.path));
    // What other processes have measured meanwhile stays.
    const all = readTable(this.path);
    all[this.machine] = {...all[this.machine], ...this.table[this.machine]};
    const part = `${this.path}.${process.pid}.part`;
    writeFileSync(part, `${JSON.stringify(all, null, 2)}\n`);
    renameSync(part, this.path);
  }
}

function kindOf(spec: SearchSpec, image: ImageShape): string {
  const {arch, activation, width, method, selection, batchSize} = spec;
  const {precision} = precisionHere(spec.precision);
  return [
    arch,
    activation,
    `×${width}`,
    method,
    selection,
    precision,
    `batch ${batchSize}`,
    image.join("×"),
  ].join(" ");
}

function stepFlops(spec: SearchSpec, image: ImageShape): number {
  return spec.batchSize * modelFlops(operationsOf(spec), image).step;
}

/** The least of three steps after two that prepare, on random images. */
async function measureStep(spec: SearchSpec, image: ImageShape, signal?: AbortSignal): Promise<number> {
  const steps = WARM_UP + TIMED;
  const enough = new AbortController();
  const finished = new Error("measured");
  const times: number[] = [];
  let began = performance.now();
  const onStep = (): void => {
    times.push(performance.now() - began);
    if (times.length === steps) enough.abort(finished);
    began = performance.now();
  };
  const short: SearchSpec = {...spec, epochs: 1, subset: undefined, interimTestImages: undefined};
  const signals = signal ? AbortSignal.any([signal, enough.signal]) : enough.signal;
  const images = syntheticImages((steps + 1) * spec.batchSize, image);
  try {
    await search(short, images, {signal: signals, onStep, onNotice: () => {}});
  } catch (error) {
    if (error !== finished) throw error;
  }
  return Math.min(...times.slice(WARM_UP));
}

/** A table that cannot be read is made anew: it holds nothing that cannot be measured again. */
function readTable(path: string): Table {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Table;
  } catch {
    return {};
  }
}
