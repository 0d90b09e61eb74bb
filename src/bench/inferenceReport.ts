import type {FirstCallRow} from "./firstCalls";

/** One engine against the baseline. */
export interface InferenceTiming {
  readonly what: string;
  /** The shortest call. */
  readonly ms: number;
  /** Baseline's shortest call over this one. */
  readonly ratio: number;
  /** The median over the turns of each turn's median call. */
  readonly medianMs: number;
  /** Baseline's median call over this one's, turn by turn: the least, the median and the greatest. */
  readonly ratios: readonly [number, number, number];
}

/** One layer or network at one batch, and each contender's times. */
export interface InferenceBenchRow {
  readonly name: string;
  readonly batch: number;
  readonly baselineMs: number;
  readonly baselineMedianMs: number;
  readonly timings: readonly InferenceTiming[];
}

/** What bench-inference measured. */
export interface InferenceBenchReport {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly baseline: string;
  /** 3×3 convolutions, NHWC float32 in and out. */
  readonly layers: readonly InferenceBenchRow[];
  /** Whole networks, image in, logits out. */
  readonly networks: readonly InferenceBenchRow[];
  /** The first prediction of tickets, each in a process of its own. */
  readonly firstCalls: readonly FirstCallRow[];
  /** A line for each rival that was asked for and is not installed. */
  readonly notes: readonly string[];
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly native: string;
    readonly loadBefore: number;
  };
}
