import {median} from "../core/statistics";
import type {InferenceBenchRow} from "./inferenceReport";
import {type Contender, type InterleavedOptions, interleaved} from "./interleaved";

/** Times contenders against the baseline, all taking turns. */
export async function compare(
  name: string,
  batch: number,
  baseline: Contender,
  contenders: Readonly<Record<string, Contender>>,
  options: InterleavedOptions,
): Promise<InferenceBenchRow> {
  const [base, ...turns] = await interleaved([baseline, ...Object.values(contenders)], options);
  const timings = Object.keys(contenders).map((what, i) => {
    const {shortest, medians} = turns[i];
    const ratios = medians.map((ms, turn) => base.medians[turn] / ms);
    return {
      what,
      ms: shortest,
      ratio: base.shortest / shortest,
      medianMs: median(medians),
      ratios: [Math.min(...ratios), median(ratios), Math.max(...ratios)] as const,
    };
  });
  return {name, batch, baselineMs: base.shortest, baselineMedianMs: median(base.medians), timings};
}

/** Values of both signs. */
export function benchImages(count: number): Float32Array {
  return Float32Array.from({length: count}, (_, i) => Math.sin(i * i));
}
