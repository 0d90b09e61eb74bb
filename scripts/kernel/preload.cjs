// Loaded by Node before tslab (see kernel.json): mends five things in its kernel, for this project's kernel only.
// 1. Thousands of writes in one synchronous run overran ZeroMQ's queue: output was lost, the cell never ended.
// 2. Interrupt ended the cell at once while its asynchronous loop ran on (or ended the kernel, if the cell listened to
//    SIGINT): now code that listens, as a search does, gets the time to stop and to return what it has.
// 3. A forgotten timer kept the kernel alive after its shutdown.
// 4. Deprecation warnings about other people's packages landed in cells.
// 5. A kernel whose Jupyter was killed computed on for nobody.
const {join} = require("node:path");
const {politeInterrupt, separateListeners} = require("./interrupt.cjs");
const {endWithParent} = require("./parent.cjs");
const {endOnShutdown} = require("./shutdown.cjs");
const {batchStreams, unboundedQueue} = require("./streams.cjs");

process.noDeprecation = true;
endWithParent();

const dist = join(__dirname, "..", "..", "node_modules", "tslab", "dist");
const {JupyterHandlerImpl, ZmqServer} = require(join(dist, "jupyter.js"));

unboundedQueue(ZmqServer.prototype);
batchStreams(JupyterHandlerImpl.prototype);
endOnShutdown(ZmqServer.prototype);
politeInterrupt(require(join(dist, "executor.js")), separateListeners(process));
