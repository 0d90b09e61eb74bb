import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {DiskError, UserError} from "../../src/core/errors";
import {loadDataset} from "../../src/data/load";
import {type Cell, cellsOf} from "../../src/experiments/define/experiment";
import {experimentNamed} from "../../src/experiments/define/experiments";
import {loadRecords} from "../../src/experiments/records/store";
import {type CellResult, runCells, type SweepOptions} from "../../src/experiments/run/runCells";
import {readCheckpoint} from "../../src/search/checkpoint";
import {search} from "../../src/search/search";
import {ticketOf} from "../../src/search/ticketOf";
import {readTicket, writeTicket} from "../../src/ticket/file";

const folder = mkdtempSync(join(tmpdir(), "multiprize-disk-"));
/** A disk of eight MiB of its own, where this process may mount one. */
const disk = join(folder, "disk");
mkdirSync(disk);
const mount = (...options: string[]): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", options.join(","), "tmpfs", disk]).status === 0;
const skip = !mount("size=8m") && "only root can mount a small disk";
after(() => {
  if (!skip) spawnSync("umount", ["-l", disk]);
  rmSync(folder, {recursive: true});
});
before(() => useBackend("auto"));

const filler = join(disk, "filler");

/** Leaves so many bytes of room. */
function fill(room = 0): void {
  writeFileSync(filler, "");
  for (const size of [2 ** 16, 2 ** 12]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), {flag: "a"});
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
    }
  }
  if (room > 0) spawnSync("truncate", ["-s", `-${room}`, filler]);
}

const cells = cellsOf(experimentNamed("initialisation"), "smoke").slice(0, 2);
const provenance = {commit: "none", dirty: false, version: "0", host: "here", node: process.version};
let place = 0;

/** Runs the cells with results and checkpoints at new places, on the small disk where asked. */
function places(results: boolean, runs: boolean): SweepOptions["places"] {
  place++;
  return {
    results: join(results ? disk : folder, `results-${place}`),
    runs: join(runs ? disk : folder, `runs-${place}`),
  };
}
function run(at: SweepOptions["places"], more: Partial<SweepOptions> = {}): Promise<CellResult[]> {
  return runCells(cells, {places: at, provenance, everySeconds: 0, load: name => loadDataset(name), ...more});
}
const outcomes = (results: readonly CellResult[]): string[] => results.map(({result}) => result.outcome);

/** One line that names the disk's fault. */
function isDiskFault(error: unknown): boolean {
  assert.ok(error instanceof DiskError, String(error));
  assert.match(error.message, /ENOSPC|EROFS/);
  assert.doesNotMatch(error.message, /\n/);
  return true;
}

for (const [what, results, runs] of [
  ["results", true, false],
  ["checkpoints", false, true],
] as const) {
  test(`no cell begins where the disk of the ${what} is full; with room again the same call runs all`, {
    skip,
  }, async () => {
    const at = places(results, runs);
    fill();
    let steps = 0;
    await assert.rejects(run(at, {onStep: () => steps++}), isDiskFault);
    assert.equal(steps, 0);
    rmSync(filler);
    assert.deepEqual(outcomes(await run(at)), ["ran", "ran"]);
  });
}

test("a disk that fills up in the middle of a checkpoint stops the run; the checkpoint before it stays, and the run goes on from it", {
  skip,
}, async () => {
  const at = places(false, true);
  let steps = 0;
  // Less room than a checkpoint takes: its first part is written.
  const onStep = (): void => {
    if (++steps === 2) fill(8192);
  };
  await assert.rejects(run(at, {onStep}), isDiskFault);
  const left = readdirSync(at.runs);
  assert.deepEqual(left, [cells[0].id], "neither a lock nor a note of failure");
  assert.deepEqual(readdirSync(join(at.runs, cells[0].id)), ["checkpoint.bin"]);
  assert.equal(stepOf(join(at.runs, cells[0].id)), 1);
  rmSync(filler);
  steps = 10;
  assert.deepEqual(outcomes(await run(at, {onStep})), ["ran", "ran"]);
  assert.deepEqual(scoresOf(at), await unbrokenScores());
});

test("a disk that fills up before a record stops the run; nothing of the record is left, and none of the search is repeated", {
  skip,
}, async () => {
  const at = places(true, false);
  const file = join(at.results, "initialisation.jsonl");
  let steps = 0;
  const onStep = (): void => void steps++;
  const onEpoch = (): void => {
    if (loadRecords(at.results).records.length === 1) fill();
  };
  await assert.rejects(run(at, {onEpoch}), isDiskFault);
  assert.equal(readFileSync(file, "utf8").split("\n").length, 2, "one whole line");
  rmSync(filler);
  assert.deepEqual(outcomes(await run(at, {onStep})), ["recorded", "ran"]);
  assert.equal(steps, 0, "the second cell's last checkpoint was all that it needed");
  assert.deepEqual(scoresOf(at), await unbrokenScores());
});

test("a read-only disk is refused before the first cell, and is no obstacle where all is recorded", {
  skip,
}, async () => {
  const at = places(true, true);
  await run(at);
  spawnSync("mount", ["-o", "remount,ro", disk]);
  try {
    assert.deepEqual(outcomes(await run(at)), ["recorded", "recorded"]);
    await assert.rejects(run(places(true, false)), isDiskFault);
    await assert.rejects(run(places(false, true)), isDiskFault);
  } finally {
    spawnSync("mount", ["-o", "remount,rw", disk]);
  }
});

test("a ticket that does not fit leaves the old one whole and nothing else", {skip}, async () => {
  const digits = await loadDataset("mnist");
  const result = await search({...cells[0].spec, width: 1, epochs: 0}, digits);
  const ticket = ticketOf(result, digits);
  const path = join(disk, "tickets", "ticket.mpt");
  writeTicket(path, ticket);
  fill(4096);
  assert.throws(
    () => writeTicket(path, ticketOf({...result, testAccuracy: 99}, digits)),
    error => error instanceof UserError && /ENOSPC/.test(error.message),
  );
  assert.deepEqual(readdirSync(join(disk, "tickets")), ["ticket.mpt"]);
  assert.deepEqual(readTicket(path).provenance, ticket.provenance);
  rmSync(filler);
  result.network.model.dispose();
});

test("a cell whose lock another process has taken over meanwhile is left to it: no checkpoint, no record", async () => {
  const at = places(false, false);
  const [cell]: Cell[] = cells;
  for (const lock of [join(at.runs, `${cell.id}.lock`), join(at.runs, cell.id, "checkpoint.lock")]) {
    const onStep = ({batch}: {batch: number}): void => {
      if (batch !== 2) return;
      const holder = JSON.parse(readFileSync(lock, "utf8"));
      writeFileSync(lock, JSON.stringify({...holder, host: "elsewhere", token: "theirs"}));
    };
    const [{result}] = await runCells([cell], {
      places: at,
      provenance,
      everySeconds: 0,
      load: name => loadDataset(name),
      onStep,
    });
    assert.equal(result.outcome, "elsewhere");
    assert.equal(loadRecords(at.results).records.length, 0);
    assert.match(readFileSync(lock, "utf8"), /theirs/);
    if (lock.endsWith("checkpoint.lock")) {
      assert.equal(stepOf(join(at.runs, cell.id)), 1);
    }
    rmSync(at.runs, {recursive: true});
  }
});

test("what a dead process was writing of a checkpoint goes when the next one takes the folder", async () => {
  const directory = join(folder, "swept");
  mkdirSync(directory);
  writeFileSync(join(directory, "checkpoint.bin.4194305.part"), "half");
  writeFileSync(join(directory, "checkpoint.bin.mine.part"), "a user's");
  const digits = await loadDataset("mnist");
  const {network} = await search({...cells[0].spec, epochs: 0}, digits, {checkpoint: {directory}});
  network.model.dispose();
  assert.deepEqual(readdirSync(directory).sort(), ["checkpoint.bin", "checkpoint.bin.mine.part"]);
});

function stepOf(directory: string): number {
  const checkpoint = readCheckpoint(directory);
  assert.ok(checkpoint);
  return (checkpoint.header.position as {step: number}).step;
}

function scoresOf({results}: SweepOptions["places"]): (string | null)[] {
  return loadRecords(results).records.map(record => (record.outcome === "done" ? record.scoresSha256 : null));
}

let unbroken: Promise<(string | null)[]> | undefined;
function unbrokenScores(): Promise<(string | null)[]> {
  unbroken ??= (async () => {
    const at = places(false, false);
    await run(at);
    return scoresOf(at);
  })();
  return unbroken;
}
