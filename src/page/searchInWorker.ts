// A page's side of a search in a worker; bundled by set-up into dist/page/searchInWorker.mjs.
import {type PageSearchResult, type SearchReport, type SearchRequest, STOP} from "./searchMessages";

export type {PageSearchResult, SearchRequest};

type Told<K extends SearchReport["kind"]> = Extract<SearchReport, {readonly kind: K}>;

/** How a page follows its search. */
export interface PageSearchOptions {
  /** An abort ends the search after the step at hand; the ticket so far is then the result, `stoppedAt` set. */
  readonly signal?: AbortSignal;
  /** Called once, with what computes, and with the reason where that is not WebGPU (`notice`). */
  readonly onBackend?: (backend: Told<"backend">["backend"]) => void;
  /** Called after each update. */
  readonly onStep?: (step: Told<"step">["step"]) => void;
  /** Called after each epoch, with its line of the learning curve. */
  readonly onEpoch?: (epoch: Told<"epoch">["epoch"]) => void;
  readonly onNotice?: (notice: string) => void;
}

/**
 * Searches in a worker, `new Worker("searchWorker.mjs")`, and ends it. The result's `ticket` is a ticket's file as
 * `multiprize search --out` writes it. Rejects with an Error in one line: settings or data that do not fit, what the
 * device reports, a script that does not load.
 */
export function searchInWorker(
  worker: Worker,
  request: SearchRequest,
  {signal, onBackend, onStep, onEpoch, onNotice}: PageSearchOptions = {},
): Promise<PageSearchResult> {
  const stop = (): void => worker.postMessage(STOP);
  const ended = new Promise<PageSearchResult>((resolve, reject) => {
    worker.onmessage = ({data}: {readonly data: SearchReport}) => {
      if (data.kind === "backend") onBackend?.(data.backend);
      else if (data.kind === "step") onStep?.(data.step);
      else if (data.kind === "epoch") onEpoch?.(data.epoch);
      else if (data.kind === "notice") onNotice?.(data.notice);
      else if (data.kind === "failed") reject(new Error(data.message));
      else {
        const {kind: _, ...result} = data;
        resolve(result);
      }
    };
    worker.onerror = ({message}) => reject(new Error(message || "the search's script does not load"));
    worker.postMessage(request);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
  });
  return ended.finally(() => {
    signal?.removeEventListener("abort", stop);
    worker.terminate();
  });
}
