// Loaded by Node before tslab (see kernel.json): mends twelve things in its kernel, for this project's kernel only.
// 1. Thousands of writes in one synchronous run overran ZeroMQ's queue, and each 513th message endangered those behind
//    it: output was lost, the cell never ended.
// 2. Interrupt ended the cell at once while its asynchronous loop ran on (or ended the kernel, if the cell listened to
//    SIGINT): now code that listens, as a search does, gets the time to stop and to return what it has.
// 3. A forgotten timer kept the kernel alive after its shutdown.
// 4. Deprecation warnings about other people's packages landed in cells.
// 5. A kernel whose Jupyter was killed computed on for nobody.
// 6. The lab said Idle while cells ran: the last status counts there, and waiting cells had said theirs before.
// 7. Errors showed ten frames of tslab, and the compiler's messages neither the line nor the words that would do.
// 8. A timer as a cell's last expression was printed with all its insides.
// 9. Files that came or went in node_modules while it lived made every cell fail.
// 10. Its compiler read every package of node_modules/@types, used or not, in a kernel's first second and at each cell.
// 11. It knew no comms, so no widget of a page could reach the code of a cell.
// 12. It answered before those who had subscribed could hear: after a restart the lab said Unknown.
const {createRequire} = require("node:module");
const {join} = require("node:path");
const {addComms} = require("./comms.cjs");
const {endStacksAtCell, tellInCells} = require("./errors.cjs");
const {onlyNodesGlobals} = require("./globals.cjs");
const {politeInterrupt, separateListeners} = require("./interrupt.cjs");
const {separateLookups} = require("./lookups.cjs");
const {endWithParent} = require("./parent.cjs");
const {endOnShutdown} = require("./shutdown.cjs");
const {busyWhileBusy} = require("./status.cjs");
const {batchStreams, unboundedQueue} = require("./streams.cjs");
const {hearAfterSubscribers} = require("./subscribed.cjs");

process.noDeprecation = true;
endWithParent();

const dist = join(__dirname, "..", "..", "node_modules", "tslab", "dist");
// Before tslab takes its copy of the compiler.
const typescript = createRequire(join(dist, "converter.js"))("@tslab/typescript-for-tslab");
separateLookups(typescript);
onlyNodesGlobals(typescript);
const {JupyterHandlerImpl, ZmqServer} = require(join(dist, "jupyter.js"));

unboundedQueue(ZmqServer.prototype);
hearAfterSubscribers(ZmqServer.prototype);
batchStreams(JupyterHandlerImpl.prototype);
endOnShutdown(ZmqServer.prototype);
addComms(ZmqServer.prototype, JupyterHandlerImpl.prototype);
const {TaskCanceledError} = require(join(dist, "util.js"));
const {cancelWaiting} = busyWhileBusy(ZmqServer.prototype, JupyterHandlerImpl.prototype, TaskCanceledError);
const executor = require(join(dist, "executor.js"));
endStacksAtCell(Error);
tellInCells(executor);
politeInterrupt(executor, separateListeners(process), {onStopped: cancelWaiting});
