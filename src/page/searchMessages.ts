// What a page and its search worker say to each other.
import type {BackendInfo, BackendName} from "../backend/backend";
import type {Dataset} from "../data/dataset";
import type {searchSpec} from "../search/defaults";
import type {EpochRecord} from "../search/position";
import type {StepProgress} from "../search/progress";

/** What a page asks for: the settings that `searchSpec` takes, and the pictures. A worker searches once. */
export interface SearchRequest {
  readonly settings: Parameters<typeof searchSpec>[0];
  readonly dataset: Dataset;
  /** Keep fractions, rising, that the ticket can later be moved to; its file grows by about their ranks' entropy. */
  readonly fractions?: readonly number[];
  /** WebGPU where the browser has it, else WebAssembly, unless given. */
  readonly backend?: BackendName | "auto";
  /** Takes an adapter that only imitates a GPU, too. */
  readonly software?: boolean;
  /**
   * Where TensorFlow.js's .wasm files lie, if not beside the worker's script: an address that ends in a slash, or one
   * for each file by its name. A page opened from disk gives data: addresses, as no browser fetches its neighbours.
   */
  readonly wasmFiles?: string | Readonly<Record<string, string>>;
}

/** Ends the search after the step at hand; the report "done" follows, with the ticket so far. */
export const STOP = "stop";
export type PageMessage = SearchRequest | typeof STOP;

/** What a search ends with. */
export interface PageSearchResult {
  /** In per cent, of all test pictures. */
  readonly testAccuracy: number;
  readonly scoresSha256: string | null;
  /** The ticket's file (.mpt); none where weights stay real. */
  readonly ticket?: Uint8Array;
  /** The step after which it was stopped, if it was. */
  readonly stoppedAt?: number;
}

export type SearchReport =
  | {readonly kind: "backend"; readonly backend: BackendInfo}
  | {readonly kind: "step"; readonly step: StepProgress}
  | {readonly kind: "epoch"; readonly epoch: EpochRecord}
  | {readonly kind: "notice"; readonly notice: string}
  | ({readonly kind: "done"} & PageSearchResult)
  | {readonly kind: "failed"; readonly message: string};
