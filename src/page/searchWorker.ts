// A search in a page's worker, bundled by set-up into dist/page/searchWorker.mjs; TensorFlow.js's WebAssembly files lie
// beside it. searchInWorker.ts is the page's side of it.
import {useBackend} from "../backend/backend.browser";
import {setWasmFiles} from "../backend/wasmFolder.browser";
import {UserError} from "../core/errors";
import {binarises} from "../layers/method";
import {searchSpec} from "../search/defaults";
import {evaluate} from "../search/evaluate";
import {search} from "../search/search";
import {ticketOf} from "../search/ticketOf";
import {encodeTicket} from "../ticket/encode";
import {type PageMessage, type SearchReport, type SearchRequest, STOP} from "./searchMessages";

interface WorkerScope {
  onmessage: ((event: {readonly data: PageMessage}) => void) | null;
  postMessage(report: SearchReport): void;
  setImmediate?: (task: () => void) => void;
}
const scope = self as unknown as WorkerScope;
// Between steps a search lets other tasks of its thread go first, the message to stop among them, as Node words it.
scope.setImmediate ??= task => setTimeout(task, 0);

const stopped = new AbortController();
let began = false;

scope.onmessage = ({data}) => {
  if (data === STOP) {
    stopped.abort();
    return;
  }
  run(data).catch(error => {
    scope.postMessage({kind: "failed", message: error instanceof Error ? error.message : String(error)});
  });
};

async function run(request: SearchRequest): Promise<void> {
  if (began) throw new UserError("this worker has its search already: start another worker");
  began = true;
  const {settings, dataset, fractions, backend = "auto", software = false, wasmFiles} = request;
  if (wasmFiles !== undefined) setWasmFiles(wasmFiles);
  scope.postMessage({kind: "backend", backend: await useBackend(backend, software)});
  const result = await search(searchSpec(settings), dataset, {
    signal: stopped.signal,
    keepUnfinished: true,
    onStep: step => scope.postMessage({kind: "step", step}),
    onEpoch: epoch => scope.postMessage({kind: "epoch", epoch}),
    onNotice: notice => scope.postMessage({kind: "notice", notice}),
  });
  const {network, scoresSha256, spec, interruptedAt: stoppedAt} = result;
  const unfinished = stoppedAt !== undefined;
  const testAccuracy = unfinished ? await evaluate(network.model, dataset, "test") : result.testAccuracy;
  const ticket = binarises(spec.method) ? encodeTicket(ticketOf(result, dataset, {fractions})) : undefined;
  network.model.dispose();
  const rest = {...(ticket && {ticket}), ...(unfinished && {stoppedAt})};
  scope.postMessage({kind: "done", testAccuracy, scoresSha256, ...rest});
}
