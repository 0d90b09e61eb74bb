import {parentPort} from "node:worker_threads";
import {type PoolRequest, poolWorker} from "./poolJob";

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
const answer = poolWorker();
port.on("message", (request: PoolRequest) => port.postMessage(answer(request)));
