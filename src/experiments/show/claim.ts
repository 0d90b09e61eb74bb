import type {PresetRecords} from "./presetRecords";

/** What our records say of a claim of the paper; of accuracy beside a dense network nothing where `epochsLacking`. */
export type Standing =
  | "holds"
  | "holds in part"
  | "does not hold"
  | "not reached"
  | "not decided at this budget"
  | "not run";

/** A claim of the paper, the cells that bear on it, ours beside the published. */
export interface ClaimRow {
  readonly claim: string;
  readonly where: string;
  /** Which records: preset, and how many cells bear on the claim. */
  readonly measured: string;
  readonly ours: string;
  readonly published: string;
  readonly standing: Standing;
  readonly why: string;
}

export type Told = Pick<ClaimRow, "measured" | "ours" | "standing" | "why">;

export interface Claim extends Pick<ClaimRow, "claim" | "where" | "published"> {
  /** What an experiment's records at one preset say of it; undefined where no recorded cell bears on it. */
  readonly tell: (at: (experiment: string) => PresetRecords) => Told | undefined;
}

export function cellsText({preset, epochs}: PresetRecords, cells: number): string {
  return `${preset}, ${epochs} epochs: ${cells} cells`;
}

export function standingOf(hold: number, of: number): Standing {
  return hold === of ? "holds" : hold === 0 ? "does not hold" : "holds in part";
}
