import type {Precision} from "../core/precision";
import type {Job} from "./measure";

/** How PyTorch computes the step, channels-last in each: `compiled` is torch.compile. */
export type PeerMode = "float32" | "bfloat16" | "bfloat16-compiled";
export const peerModes: readonly PeerMode[] = ["float32", "bfloat16", "bfloat16-compiled"];

/** Milliseconds a step, one value a round: each the median of the round's steps. */
export interface RoundTimes {
  readonly whole: readonly number[];
  /** Without the batch's assembly. */
  readonly withoutAssembly: readonly number[];
}

export interface PeerRow extends Pick<Job, "arch" | "activation" | "batch"> {
  readonly ours: Partial<Record<Precision, RoundTimes>>;
  readonly peer: Partial<Record<PeerMode, RoundTimes>>;
}

export interface PeerReport {
  readonly machine: {
    readonly cpu: string;
    readonly threads: number;
    readonly tensorflow: string;
    readonly torch: string;
    readonly loadBefore: number;
  };
  readonly rows: readonly PeerRow[];
}
