import {UserError} from "../../core/errors";
import {mean, sd} from "../../core/statistics";
import type {DatasetName} from "../../data/load";
import {type ArchitectureName, operationsOf} from "../../network/architectures";
import {countWeights} from "../../network/cost";
import type {Cell} from "../define/experiment";
import type {RunRecord} from "../records/record";
import {dataSizes} from "../run/estimate";

/** A cell with its record, if there is one. */
export interface Found {
  readonly cell: Cell;
  readonly record?: RunRecord;
}

/** How near to the accuracy of guessing nothing is claimed; in points. */
const NEAR_CHANCE = 2;
const BYTES_A_FLOAT = 4;

/** Said of a cell that is drawn hollow. */
export const atChance = "has not left chance at this budget";

/** A cell as one flat line of a table or DataFrame; null where it was not run or diverged. */
export interface ResultRow {
  readonly label: string;
  readonly curve: string;
  readonly x: number | string;
  readonly arch: ArchitectureName;
  readonly activation: string;
  readonly method: string;
  readonly width: number;
  readonly keepFraction: number;
  readonly percentPruned: number;
  readonly learningRate: number;
  readonly epochs: number;
  readonly seed: number;
  readonly outcome: "done" | "diverged" | "not run";
  readonly testAccuracy: number | null;
  readonly bestTestAccuracy: number | null;
  readonly trainAccuracy: number | null;
  /** More than 2 points from chance. */
  readonly leftChance: boolean | null;
  readonly data: string | null;
  readonly weights: number;
  readonly kept: number;
  /** What the network costs, see `sizeBytes`. */
  readonly bytes: number | null;
  /** Least and largest r = rms(dL/dS)/mean |S| over the layers before the first update. */
  readonly leastScoreStep: number | null;
  readonly largestScoreStep: number | null;
  readonly seconds: number | null;
  readonly id: string;
}

/** A cell's row in a table of results; accuracies in per cent, empty where nothing is recorded. */
export function resultRow({cell, record}: Found): ResultRow {
  const {spec} = cell;
  const done = record?.outcome === "done" ? record : undefined;
  const counts = done ?? countsOf(cell);
  const steps = done?.layers.flatMap(layer => layer.scoreStep ?? []) ?? [];
  return {
    label: cell.label,
    curve: cell.curve,
    x: cell.x,
    arch: spec.arch,
    activation: spec.activation,
    method: spec.method,
    width: spec.width,
    keepFraction: spec.keepFraction,
    percentPruned: Number((100 * (1 - spec.keepFraction)).toFixed(4)),
    learningRate: spec.learningRate,
    epochs: spec.epochs,
    seed: spec.seed,
    outcome: record?.outcome ?? "not run",
    testAccuracy: done?.testAccuracy ?? null,
    bestTestAccuracy: done?.bestTestAccuracy ?? null,
    trainAccuracy: done?.epochs.at(-1)?.trainAccuracy ?? null,
    leftChance: done ? hasLeftChance(done.testAccuracy, cell.dataset) : null,
    data: record?.data.name ?? null,
    weights: counts.weights,
    kept: counts.kept,
    bytes: done ? sizeBytes(done) : null,
    leastScoreStep: steps.length > 0 ? Math.min(...steps) : null,
    largestScoreStep: steps.length > 0 ? Math.max(...steps) : null,
    seconds: done?.seconds ?? null,
    id: record?.specId ?? cell.id,
  };
}

/** Of a network that was not run: its architecture tells. */
function countsOf({dataset, spec}: Cell): {weights: number; kept: number} {
  const {image, classes} = dataSizes[dataset];
  return countWeights(operationsOf({...spec, classes}), image, spec.keepFraction);
}

function hasLeftChance(testAccuracy: number, dataset: DatasetName): boolean {
  return Math.abs(testAccuracy - 100 / dataSizes[dataset].classes) > NEAR_CHANCE;
}

/**
 * Bytes of a network as it would be stored: a ticket's masks at their entropy and one gain a layer (the signs come from
 * the seed), a trained network's weights in float32. Batch norm's values are left out of both.
 */
export function sizeBytes(
  record: Pick<
    Extract<RunRecord, {outcome: "done"}>,
    "spec" | "weights" | "kept" | "layers" | "maskEntropyBytes"
  >,
): number {
  const {spec, weights, kept, layers, maskEntropyBytes} = record;
  if (spec.method === "dense") return BYTES_A_FLOAT * weights;
  const values = spec.method === "edge-popup" ? kept : layers.length;
  return maskEntropyBytes + BYTES_A_FLOAT * values;
}

/** The seeds of one place of a curve, taken together. */
export interface MeanRow {
  readonly curve: string;
  readonly x: number | string;
  readonly label: string;
  readonly arch: ArchitectureName;
  readonly method: string;
  /** The least of its runs. */
  readonly epochs: number;
  /** Runs that came to their end, of those asked for. */
  readonly runs: number;
  readonly asked: number;
  readonly diverged: number;
  readonly mean: number | null;
  /** Standard deviation over seeds (n − 1); null for fewer than two. */
  readonly sd: number | null;
  readonly leftChance: boolean | null;
}

/** Mean ± sd of the test accuracy over seeds, by curve and x, in the order of the first seen. UserError as `checkSeeds`. */
export function meansOverSeeds(rows: readonly ResultRow[]): MeanRow[] {
  checkSeeds(rows);
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.curve, row.x]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map(group => {
    const accuracies = group.flatMap(row => row.testAccuracy ?? []);
    const [{curve, x, label, arch, method}] = group;
    return {
      curve,
      x,
      label: label.replace(/, seed \d+$/, ""),
      arch,
      method,
      epochs: Math.min(...group.map(row => row.epochs)),
      runs: accuracies.length,
      asked: group.length,
      diverged: group.filter(row => row.outcome === "diverged").length,
      mean: accuracies.length > 0 ? mean(accuracies) : null,
      sd: accuracies.length > 1 ? sd(accuracies) : null,
      leftChance: accuracies.length === 0 ? null : group.some(row => row.leftChance),
    };
  });
}

/** UserError where a seed stands twice at one place: of rows of two presets, say, of which no mean is one over seeds. */
export function checkSeeds(rows: readonly ResultRow[]): void {
  const seen = new Set<string>();
  for (const {curve, x, seed} of rows) {
    const key = JSON.stringify([curve, x, seed]);
    if (seen.has(key))
      throw new UserError(
        `two rows of seed ${seed} stand at ${curve}, ${x}: give the rows of one preset, each once`,
      );
    seen.add(key);
  }
}

/** "48.2 ± 0.3", "10.1 (at chance)", "diverged" or "not run". */
export function accuracyText({mean, sd, leftChance, diverged}: MeanRow): string {
  if (mean === null) return diverged > 0 ? "diverged" : "not run";
  const spread = sd === null ? "" : ` ± ${sd.toFixed(1)}`;
  const lost = diverged > 0 ? `, ${diverged} diverged` : "";
  return `${mean.toFixed(1)}${spread}${leftChance ? "" : " (at chance)"}${lost}`;
}
