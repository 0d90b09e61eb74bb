// The entry of a page's worker: bundled by set-up into dist/infer/thread.mjs.
import {type PoolRequest, poolWorker} from "./poolJob";

const answer = poolWorker();
self.onmessage = ({data}: MessageEvent<PoolRequest>) => self.postMessage(answer(data));
