import {existsSync} from "node:fs";
import {dirname} from "node:path";
import {precisionOn} from "../../backend/precisionOn";
import {architectures, operationsOf} from "../../network/architectures";
import {modelFlops} from "../../network/cost";
import type {ImageShape} from "../../network/operations";
import {searchSpec} from "../../search/defaults";
import type {SearchSpec} from "../../search/spec";
import {makeFolder} from "../../system/folder";
import {processorName} from "../../system/processorAbout";
import {readRegularFile} from "../../system/regularFile";
import {writeWholeFile} from "../../system/wholeFile";

/** Milliseconds a search step took, by machine and then by kind of step. */
type Table = Record<string, Record<string, number>>;

/** What computes, as far as times depend on it. */
export interface TimedBackend {
  readonly backend: string;
  readonly version: string;
  readonly threads: number;
  readonly kernels: string;
  readonly device: string;
}

/** How long steps took on this machine and a backend, in a file that all processes share. */
export class StepTable {
  private readonly table: Table;
  /** What the numbers were measured on. */
  readonly machine: string;

  constructor(
    private readonly path: string,
    private readonly on: TimedBackend,
  ) {
    const {threads, backend, version, kernels, device} = on;
    this.table = readTable(path);
    this.machine = [processorName().trim(), `${threads} threads`, backend, version, kernels, device].join(
      ", ",
    );
    this.table[this.machine] ??= {};
  }

  /** Milliseconds a step of the spec took, if one was timed. */
  known(spec: SearchSpec, image: ImageShape): number | undefined {
    return this.table[this.machine][this.kindOf(spec, image)];
  }

  /** Known, or scaled by floating-point operations from a step of Conv4 in the same precision and activation. */
  estimated(spec: SearchSpec, image: ImageShape): number | undefined {
    const known = this.known(spec, image);
    if (known !== undefined) return known;
    const near = yardstick(spec);
    const step = this.known(near.spec, near.image);
    return step && (step * stepFlops(spec, image)) / stepFlops(near.spec, near.image);
  }

  /** Why measured steps could not be written down, where they could not. */
  unkept: string | undefined;

  /** Keeps a measured step; what other processes have measured meanwhile stays. */
  keep(spec: SearchSpec, image: ImageShape, milliseconds: number): void {
    this.table[this.machine][this.kindOf(spec, image)] = milliseconds;
    const all = readTable(this.path);
    all[this.machine] = {...all[this.machine], ...this.table[this.machine]};
    try {
      makeFolder(dirname(this.path));
      writeWholeFile(this.path, `${JSON.stringify(all, null, 2)}\n`);
    } catch (error) {
      this.unkept = `step times are not kept for the next time: ${(error as Error).message}`;
    }
  }

  /** What steps that take equally long have in common. */
  kindOf(spec: SearchSpec, image: ImageShape): string {
    const {arch, activation, width, method, selection, batchSize} = spec;
    const {precision} = precisionOn(spec.precision, this.on);
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
}

/** The table of the backend that steps were last timed with on this processor; undefined where none were. */
export function lastTable(path: string): StepTable | undefined {
  const pattern = /^(.*), (\d+) threads, ([^,]+), ([^,]+), ([^,]+), ([^,]+)$/;
  const timed = Object.keys(readTable(path)).flatMap(name => {
    const [, cpu, threads, backend, version, kernels, device] = pattern.exec(name) ?? [];
    return cpu === processorName().trim()
      ? [{backend, version, threads: Number(threads), kernels, device}]
      : [];
  });
  const last = timed.filter(({backend}) => backend === "tensorflow").at(-1) ?? timed.at(-1);
  return last && new StepTable(path, last);
}

/** The step that others are estimated from: one of Conv4. */
export function yardstick({activation, precision}: SearchSpec): {
  readonly spec: SearchSpec;
  readonly image: ImageShape;
} {
  return {
    spec: searchSpec({arch: "conv4", activation, precision, keepFraction: 0.5}),
    image: architectures.conv4.image,
  };
}

/** Floating-point operations of a step. */
export function stepFlops(spec: SearchSpec, image: ImageShape): number {
  return spec.batchSize * modelFlops(operationsOf(spec), image).step;
}

/** A table that cannot be read is made again: it holds nothing that cannot be measured again. */
function readTable(path: string): Table {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readRegularFile(path).toString("utf8")) as Table;
  } catch {
    return {};
  }
}
