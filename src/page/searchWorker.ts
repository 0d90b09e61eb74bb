// A search in a page's worker, bundled by set-up into dist/page/searchWorker.js; TensorFlow.js's WebAssembly files lie
// beside it. A page starts it with new Worker("searchWorker.js"), posts one SearchRequest, and gets SearchReports.
import type {BackendInfo, BackendName} from "../backend/backend";
import {useBackend} from "../backend/backend";
import type {Dataset} from "../data/dataset";
import {binarises} from "../layers/method";
import {searchSpec} from "../search/defaults";
import type {EpochRecord} from "../search/position";
import type {StepProgress} from "../search/progress";
import {search} from "../search/search";
import {ticketOf} from "../search/ticketOf";
import {encodeTicket} from "../ticket/encode";

/** What a page asks for: the settings that `searchSpec` takes, and the pictures. */
export interface SearchRequest {
  readonly settings: Parameters<typeof searchSpec>[0];
  readonly dataset: Dataset;
  /** WebGPU where the browser has it, else WebAssembly, unless given. */
  readonly backend?: BackendName | "auto";
  /** Takes an adapter that only imitates a GPU, too. */
  readonly software?: boolean;
}

export type SearchReport =
  | {readonly kind: "backend"; readonly backend: BackendInfo}
  | {readonly kind: "step"; readonly step: StepProgress}
  | {readonly kind: "epoch"; readonly epoch: EpochRecord}
  | {readonly kind: "notice"; readonly notice: string}
  | {
      readonly kind: "done";
      readonly testAccuracy: number;
      readonly scoresSha256: string | null;
      /** The ticket's file; none where weights stay real. */
      readonly ticket?: Uint8Array;
    }
  | {readonly kind: "failed"; readonly message: string};

interface WorkerScope {
  onmessage: ((event: {readonly data: SearchRequest}) => void) | null;
  postMessage(report: SearchReport): void;
  setImmediate?: (task: () => void) => void;
}
const scope = self as unknown as WorkerScope;
// Between steps a search lets other tasks of its thread go first, as Node words it.
scope.setImmediate ??= task => setTimeout(task, 0);

scope.onmessage = ({data}) => {
  run(data).catch(error => {
    scope.postMessage({kind: "failed", message: error instanceof Error ? error.message : String(error)});
  });
};

async function run({settings, dataset, backend = "auto", software = false}: SearchRequest): Promise<void> {
  const use = useBackend as (name: BackendName | "auto", softwareToo: boolean) => Promise<BackendInfo>;
  scope.postMessage({kind: "backend", backend: await use(backend, software)});
  const result = await search(searchSpec(settings), dataset, {
    onStep: step => scope.postMessage({kind: "step", step}),
    onEpoch: epoch => scope.postMessage({kind: "epoch", epoch}),
    onNotice: notice => scope.postMessage({kind: "notice", notice}),
  });
  const {testAccuracy, scoresSha256, spec} = result;
  const ticket = binarises(spec.method) ? encodeTicket(ticketOf(result, dataset)) : undefined;
  result.network.model.dispose();
  scope.postMessage({kind: "done", testAccuracy, scoresSha256, ...(ticket && {ticket})});
}
