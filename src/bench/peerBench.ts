import {existsSync} from "node:fs";
import {cpus, loadavg} from "node:os";
import {extname, join} from "node:path";
import {backendInfo} from "../backend/backend";
import {UserError} from "../core/errors";
import type {Precision} from "../core/precision";
import {median} from "../core/statistics";
import {architectures, operationsOf} from "../network/architectures";
import {root} from "../system/root";
import type {Job} from "./measure";
import type {PeerMode, PeerReport, PeerRow, RoundTimes} from "./peerReport";
import {type TurnsJob, TurnTaker} from "./turns";

export interface PeerOptions {
  readonly python: string;
  readonly modes: readonly PeerMode[];
  readonly precisions: readonly Precision[];
  /** RoundTimes of each, at least one. */
  readonly rounds: number;
  /** Timed steps of a turn. */
  readonly steps: number;
  readonly signal?: AbortSignal;
  readonly onJob?: (what: string) => void;
}

const WARM_UP = 3;
const KEEP_FRACTION = 0.2;
const extension = extname(__filename);
const own: readonly string[] = [
  process.execPath,
  ...(extension === ".ts" ? ["--import", "tsx"] : []),
  join(__dirname, `ownTurns${extension}`),
];
const peerProgram = join(root, "src", "bench", "peer.py");

/**
 * Steps of a search beside those of PyTorch, on the same cores, in turns, so that what else the machine does hits both
 * alike. UserError where the Python is none, has no torch, or a step fails.
 */
export async function peerBench(
  jobs: readonly Pick<Job, "arch" | "activation" | "batch">[],
  options: PeerOptions,
): Promise<PeerReport> {
  const {backend, version, threads} = backendInfo();
  if (backend !== "tensorflow")
    throw new UserError(`PyTorch is compared with the backend tensorflow (this is ${backend})`);
  if (!existsSync(peerProgram))
    throw new UserError("the peer's program is not here: take a clone, not the package");
  const loadBefore = loadavg()[0];
  const rows: PeerRow[] = [];
  let torch = "";
  for (const job of jobs) {
    const measured = await measureRow(
      {...job, keepFraction: KEEP_FRACTION, threads, warmUp: WARM_UP},
      options,
    );
    torch = measured.torch;
    rows.push(measured.row);
  }
  const cpu = cpus()[0]?.model.trim() ?? "unknown";
  return {machine: {cpu, threads, tensorflow: version, torch, loadBefore}, rows};
}

async function measureRow(
  job: TurnsJob,
  {python, modes, precisions, rounds, steps, signal, onJob}: PeerOptions,
): Promise<{row: PeerRow; torch: string}> {
  const {arch, activation, batch} = job;
  const takers: TurnTaker[] = [];
  let torch = "";
  try {
    for (const mode of modes) {
      onJob?.(`${arch} ${activation}: PyTorch ${mode} warms up`);
      const network = {operations: operationsOf({arch, activation}), image: architectures[arch].image};
      const command = [python, peerProgram];
      const {taker, about} = await TurnTaker.start(
        `PyTorch ${mode}`,
        command,
        {...job, ...network, mode},
        signal,
      );
      torch = about.version;
      takers.push(taker);
    }
    for (const precision of precisions) {
      onJob?.(`${arch} ${activation}: ours ${precision} warms up`);
      const all = WARM_UP + rounds * (steps + 1);
      takers.push(
        (await TurnTaker.start(`ours ${precision}`, own, {...job, precision, steps: all}, signal)).taker,
      );
    }
    const turns = takers.map(() => ({whole: [] as number[], withoutAssembly: [] as number[]}));
    for (let round = 0; round < rounds; round++) {
      onJob?.(`${arch} ${activation}: round ${round + 1} of ${rounds}`);
      for (const [i, taker] of takers.entries()) {
        signal?.throwIfAborted();
        const times = await taker.turn(steps);
        turns[i].whole.push(median(times.map(({stepMs}) => stepMs)));
        turns[i].withoutAssembly.push(median(times.map(({stepMs, assemblyMs}) => stepMs - assemblyMs)));
      }
    }
    const named = (names: readonly string[], from: number): Record<string, RoundTimes> =>
      Object.fromEntries(names.map((name, i) => [name, turns[from + i]]));
    const row = {
      ...{arch, activation, batch},
      ours: named(precisions, modes.length),
      peer: named(modes, 0),
    };
    return {row, torch};
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    for (const taker of takers) taker.end();
  }
}
