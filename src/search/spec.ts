import type {FanRule} from "../core/fan";
import type {LayerGain} from "../core/layerGain";
import type {Precision} from "../core/precision";
import type {Ranking} from "../core/ranking";
import type {ScoreRule} from "../core/scores";
import type {WeightRule} from "../core/weights";
import type {Method} from "../layers/method";
import type {ScoreGradientRule} from "../layers/scoreGradients";
import type {SurrogateRule} from "../layers/surrogates";
import type {ArchitectureName} from "../network/architectures";
import type {BatchNormMode} from "../network/batchNormMode";
import type {Activation} from "../network/operations";
import type {Schedule} from "../optim/schedule";

/** The optimizer of the scores, or of a dense network's weights. */
export interface OptimizerSpec {
  readonly name: "sgd" | "adam";
  readonly momentum?: number;
  readonly nesterov?: boolean;
  /** Acts on the scores too, as in the reference. */
  readonly weightDecay?: number;
  /** Clips every gradient entry to ±this. */
  readonly clipValue?: number;
  /** false spares γ and β the weight decay. */
  readonly batchNormDecay?: boolean;
}

/** The schedule without what the spec says elsewhere. */
export type ScheduleSpec =
  | {readonly name: "constant" | "cosine"; readonly warmupEpochs?: number}
  | {
      readonly name: "multistep";
      readonly gamma?: number;
      readonly adjust?: number;
      readonly milestones?: readonly number[];
    };

/** The share kept falls from `from` to keepFraction over the first `epochs`; 0 epochs: no ramp. */
export interface RampSpec {
  readonly epochs: number;
  readonly from: number;
}

/** The settings that `ablate` turns. */
export interface Knobs {
  /** relu: MPT-1/32. sign: MPT-1/1. */
  readonly activation: Activation;
  readonly batchNorm: BatchNormMode;
  /** Share of weights kept, in (0, 1]; 1 for dense. */
  readonly keepFraction: number;
  readonly selection: "layerwise" | "global";
  /** signed: kept are the largest scores, not the largest magnitudes. */
  readonly ranking?: Ranking;
  readonly weights: WeightRule;
  readonly fan: FanRule;
  readonly scores: ScoreRule;
  readonly gain: LayerGain;
  readonly scoreGradient: ScoreGradientRule;
  readonly surrogate: SurrogateRule;
  readonly optimizer: OptimizerSpec;
  readonly learningRate: number;
  /**
   * relative: each layer's score gradient is multiplied by mean |S| / rms(dL/dS), both of the first batch before the
   * first update, so that SGD's first step moves its scores by the learning rate times their mean size.
   * normalised: by mean |S₀| / rms(dL/dS) of the step at hand, S₀ the start scores. Both ours.
   */
  readonly scoreRate?: "absolute" | "relative" | "normalised";
  readonly schedule: ScheduleSpec;
  /** step: the rate follows its schedule from update to update, not from epoch to epoch. Ours. */
  readonly scheduleBy?: "epoch" | "step";
  /** Times the last layer's gain, and so the logits of a plain network: calms the first steps where they are large. */
  readonly outputGain?: number;
  /** Pixels, each way, that the random crop of a CIFAR-10 picture may lie off it; the reference's 4 when absent. */
  readonly cropReach?: number;
}

/**
 * Everything that determines a search but for the data's bytes and the machine's rounding. Plain JSON, unless a rule is
 * a function. All else that is known of a field stands in its row in settings.ts.
 */
export interface SearchSpec extends Knobs {
  readonly arch: ArchitectureName;
  readonly width: number;
  /** `dense` trains the weights, `random-mask` nothing but batch norm if that is learned: the baselines. */
  readonly method: Method;
  /** How the share kept comes down to keepFraction. */
  readonly ramp?: RampSpec;
  /** Leaves the scores where they start and trains batch norm alone (`--learn_batchnorm --tune_batchnorm`). */
  readonly tuneBatchNorm: boolean;
  readonly labelSmoothing: number;
  readonly epochs: number;
  readonly batchSize: number;
  /**
   * Parts that a batch is taken in, one after the other, where memory is short: the gradient is their mean. Batch norm
   * sees one part at a time, so it is another search than the undivided one.
   */
  readonly batchParts?: number;
  readonly seed: number;
  /** Seed of the batches' order and augmentation, where it is not that of weights and scores. */
  readonly batchSeed?: number;
  /** Training images used, drawn by a fixed permutation; all when absent. The test set stays whole. */
  readonly subset?: number;
  /** Test images, the first ones, evaluated after each epoch but the last; the last sees the whole test set. */
  readonly interimTestImages?: number;
  /** As asked for; the record's machine says what it came to. */
  readonly precision: Precision;
}

export function scheduleOf({schedule, learningRate, epochs}: SearchSpec): Schedule {
  return {...schedule, learningRate, epochs};
}
