import {backendInfo} from "../../backend/backend";
import {syntheticImages} from "../../bench/syntheticImages";
import type {ImageShape} from "../../network/operations";
import {search} from "../../search/search";
import type {SearchSpec} from "../../search/spec";
import {StepTable, stepFlops, yardstick} from "./stepTable";

const WARM_UP = 2;
const TIMED = 3;
/** A step of more floating-point operations is not measured: it takes a minute, or all memory. */
const MOST_FLOPS = 2e12;

/** How long steps take on this machine and the backend in use: measured once and kept in a file. */
export class StepTimes {
  private readonly table: StepTable;

  constructor(path: string) {
    this.table = new StepTable(path, backendInfo());
  }

  /** Why measured steps could not be written down, where they could not. */
  get unkept(): string | undefined {
    return this.table.unkept;
  }

  /** The kind of step that `measured` would have to run for a spec; undefined where it would tell at once. */
  unmeasured(spec: SearchSpec, image: ImageShape): string | undefined {
    const {table} = this;
    if (stepFlops(spec, image) <= MOST_FLOPS)
      return table.known(spec, image) === undefined ? table.kindOf(spec, image) : undefined;
    const near = yardstick(spec);
    return table.estimated(spec, image) === undefined ? table.kindOf(near.spec, near.image) : undefined;
  }

  /** The step of a spec in milliseconds, measured now unless it is known; one too large for that is estimated. */
  async measured(spec: SearchSpec, image: ImageShape, signal?: AbortSignal): Promise<number> {
    const known = this.table.known(spec, image);
    if (known !== undefined) return known;
    if (stepFlops(spec, image) > MOST_FLOPS) return this.estimated(spec, image, signal);
    const milliseconds = await measureStep(spec, image, signal);
    this.table.keep(spec, image, milliseconds);
    return milliseconds;
  }

  private async estimated(spec: SearchSpec, image: ImageShape, signal?: AbortSignal): Promise<number> {
    const estimated = this.table.estimated(spec, image);
    if (estimated !== undefined) return estimated;
    const near = yardstick(spec);
    const milliseconds = await this.measured(near.spec, near.image, signal);
    return (milliseconds * stepFlops(spec, image)) / stepFlops(near.spec, near.image);
  }
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
