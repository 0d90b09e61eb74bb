import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {EventEmitter, once} from "node:events";
import {createRequire} from "node:module";
import {test} from "node:test";
import {kernelSpec} from "../../scripts/setup/kernel.mjs";

const require = createRequire(import.meta.url);
const {Batch, batchStreams} = require("../../scripts/kernel/streams.cjs");
const {politeInterrupt, separateListeners} = require("../../scripts/kernel/interrupt.cjs");

test("kernel.json names everything by its full path", () => {
  const {argv, display_name} = kernelSpec("/n/node", "/clone");
  assert.equal(display_name, "TypeScript (multiprize)");
  assert.equal(argv[0], "/n/node");
  assert.equal(argv.at(-1), "{connection_file}");
  assert.ok(
    argv.filter(arg => arg.includes("/") && arg !== "/n/node").every(arg => arg.startsWith("/clone")),
  );
});

test("a busy process ends itself when its parent is gone", async () => {
  const watcher = require.resolve("../../scripts/kernel/parent.cjs");
  const busy = `require(${JSON.stringify(watcher)}).endWithParent(50); console.log("busy"); for (;;);`;
  // The grandchild holds the pipe: it closes when the grandchild is gone.
  const parent = spawn(process.execPath, [
    "-e",
    `const busy = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(busy)}], {stdio: ["ignore", "inherit", "ignore"]});
     console.log(busy.pid);`,
  ]);
  parent.stdout.setEncoding("utf8");
  let text = "";
  parent.stdout.on("data", part => {
    text += part;
    if (/\d+\n/.test(text) && text.includes("busy")) parent.kill("SIGKILL");
  });
  const closed = once(parent.stdout, "close", {signal: AbortSignal.timeout(20_000)});
  try {
    await closed;
  } catch (error) {
    process.kill(Number(/\d+/.exec(text)[0]), "SIGKILL");
    throw error;
  }
  assert.match(text, /busy/);
});

test("a batch loses nothing, keeps the order of streams, and sends few messages", () => {
  const sent = [];
  const batch = new Batch((name, text) => sent.push([name, text]));
  for (let i = 0; i < 5000; i++) batch.write("stdout", `line ${i}\n`);
  batch.write("stderr", "oops");
  batch.write("stdout", "end");
  batch.flush();
  assert.ok(sent.length < 20, `${sent.length} messages`);
  assert.deepEqual(
    sent.slice(-2).map(([name]) => name),
    ["stderr", "stdout"],
  );
  const written = Array.from({length: 5000}, (_, i) => `line ${i}\n`).join("");
  assert.equal(sent.map(([, text]) => text).join(""), `${written}oopsend`);
});

test("a display and the end of the cell come after the text written before them", async () => {
  const sent = [];
  const handler = {
    async handleExecuteImpl(_, write, display) {
      write("stdout", "a");
      write("stdout", "b");
      display("figure");
      write("stdout", "c");
      throw new Error("cell failed");
    },
  };
  batchStreams(handler);
  const write = (_, text) => sent.push(text);
  await assert.rejects(
    handler.handleExecuteImpl({}, write, data => sent.push(data)),
    /cell failed/,
  );
  assert.equal(sent.join(""), "abfigurec");
});

test("files that come and go are noted apart from what rebuilds", async () => {
  const {separateLookups} = require("../../scripts/kernel/lookups.cjs");
  const log = [];
  const typescript = {sys: {setTimeout: () => "the system's own", clearTimeout() {}}};
  separateLookups(typescript);
  assert.equal(typescript.sys.setTimeout(), "the system's own");
  let timer;
  const tslab = {
    setTimeout(callback) {
      if (timer) throw new Error("pending");
      timer = callback.name;
      log.push(timer);
      return timer;
    },
    clearTimeout(which) {
      if (timer !== which) throw new Error("none pending");
      timer = undefined;
      log.push(`cleared ${which}`);
    },
  };
  const system = Object.create(typescript.sys);
  system.setTimeout = tslab.setTimeout;
  system.clearTimeout = tslab.clearTimeout;
  let noted = 0;
  function invalidateResolutionsOfFailedLookup() {
    noted++;
  }
  function updateProgramWithWatchStatus() {}
  system.clearTimeout(system.setTimeout(invalidateResolutionsOfFailedLookup, 1));
  system.setTimeout(invalidateResolutionsOfFailedLookup, 1);
  const rebuild = system.setTimeout(updateProgramWithWatchStatus, 1);
  // A rebuilding that failed leaves it pending.
  system.setTimeout(updateProgramWithWatchStatus, 1);
  timer = undefined;
  system.clearTimeout(rebuild);
  await new Promise(resolve => setTimeout(resolve, 30));
  assert.equal(noted, 1);
  assert.deepEqual(log, [rebuild, `cleared ${rebuild}`, rebuild]);
});

function kernel(execute, grace) {
  const fake = new EventEmitter();
  const log = [];
  const executor = {createExecutor: () => ({execute, interrupt: () => log.push("hard")})};
  const listeners = separateListeners(fake);
  politeInterrupt(executor, listeners, {grace});
  const made = executor.createExecutor();
  fake.on("SIGINT", () => made.interrupt());
  return {fake, log, made};
}

test("an interrupt nobody listens to ends the cell at once", () => {
  const {fake, log} = kernel(async () => true);
  fake.emit("SIGINT");
  assert.deepEqual(log, ["hard"]);
});

test("a cell that listens is told, and ended by a second interrupt only", async () => {
  let end;
  const {fake, log, made} = kernel(() => new Promise(resolve => (end = resolve)));
  const running = made.execute("cell");
  const listener = () => log.push("told");
  fake.on("SIGINT", listener);
  assert.equal(fake.listenerCount("SIGINT"), 1);
  fake.emit("SIGINT");
  assert.deepEqual(log, ["told"]);
  fake.emit("SIGINT");
  assert.deepEqual(log, ["told", "hard"]);
  end(true);
  await running;
  fake.off("SIGINT", listener);
  fake.emit("SIGINT");
  assert.deepEqual(log, ["told", "hard", "hard"]);
});

test("a cell that listens but does not end is ended after the grace", async () => {
  const {fake, log, made} = kernel(() => new Promise(resolve => setTimeout(resolve, 60)), 10);
  fake.once("SIGINT", () => log.push("told"));
  const running = made.execute("cell");
  fake.emit("SIGINT");
  await running;
  assert.deepEqual(log, ["told", "hard"]);
});

test("a cell's compiler takes in Node's names by itself, and no other package of node_modules/@types", () => {
  const {onlyNodesGlobals} = require("../../scripts/kernel/globals.cjs");
  const sys = {getDirectories: () => ["jsdom", "node", "yazl"]};
  onlyNodesGlobals({sys});
  assert.deepEqual(sys.getDirectories("/a/node_modules/@types"), ["node"]);
  assert.deepEqual(sys.getDirectories("/a/node_modules/@types/"), ["node"]);
  assert.deepEqual(sys.getDirectories("/a/node_modules"), ["jsdom", "node", "yazl"]);
});
