import {sbatchWord, shellWord} from "./quote";

/** What a task asks Slurm for; what is left out is the site's own default. */
export interface SlurmRequest {
  readonly cpus: number;
  readonly time?: string;
  readonly mem?: string;
  readonly gpus?: string;
  readonly partition?: string;
  readonly account?: string;
  readonly constraint?: string;
  readonly maxParallel?: number;
  /** Seconds before the limit at which the search is told to save and is requeued. */
  readonly warning: number;
  /** Times that a task is requeued at its limit. */
  readonly requeues: number;
  /** More options, each as it stands behind #SBATCH. */
  readonly more: readonly string[];
}

/** An array of tasks, each of which runs some cells. */
export interface SlurmArray {
  readonly name: string;
  /** What it runs, for the reader of the script. */
  readonly about: string;
  readonly tasks: number;
  /** The script's own path. */
  readonly script: string;
  /** A file with a line a task: the options that pick its cells. */
  readonly cells: string;
  /** A folder, a file a task. */
  readonly logs: string;
  /** Where the command is run. */
  readonly directory: string;
  /** The program and its arguments; a task's options follow. */
  readonly command: readonly string[];
  readonly request: SlurmRequest;
}

/** The program's status when SIGTERM had it save and end. */
const SAVED = 128 + 15;

/**
 * The script of an array: runs the cells of a task, has the search save before the time limit and requeues the task, and
 * is requeued by Slurm where a node fails. Without Slurm it runs a part of the cells: `bash SCRIPT 2/5`.
 */
export function slurmScript(array: SlurmArray): string {
  const {about, tasks, script, cells, directory, command, request} = array;
  return `#!/bin/bash
# ${about}
#   sbatch ${shellWord(script)}
#   bash ${shellWord(script)} 2/5     without Slurm: the second of five parts, here; repeat it to go on
${directives(array)
  .map(line => `#SBATCH ${line}\n`)
  .join("")}
cd ${shellWord(directory)} || exit 2
part=\${1:-\${SLURM_ARRAY_TASK_ID:?submit it with sbatch, or give a part, such as 2/5}/${tasks}}
[[ $part =~ ^[1-9][0-9]*/[1-9][0-9]*$ ]] || { echo "$part is no part: give one such as 2/5" >&2; exit 2; }
only=$(awk -v i="\${part%/*}" -v n="\${part#*/}" '(NR - 1) % n == i - 1' ${shellWord(cells)})
[ -n "$only" ] || { echo "part $part has none of the cells: nothing to do"; exit 0; }
# Sums depend on the number of threads: a start elsewhere goes on with the same.
export TF_NUM_INTRAOP_THREADS=\${SLURM_CPUS_PER_TASK:-${request.cpus}}
start=\${SLURM_RESTART_COUNT:-0}
echo "== $(date '+%F %T') part $part, start $((start + 1)), on $(hostname)"

warned=
# Slurm's warning before the time limit. TERM has the search save and end.
trap 'warned=1; kill -TERM $pid' USR1
trap 'kill -TERM $pid' TERM INT
${command.map(shellWord).join(" ")} $only &
pid=$!
# A signal ends a wait, while the program is still saving.
while kill -0 $pid 2>/dev/null; do wait $pid; done
wait $pid
status=$?
echo "== $(date '+%F %T') ended with $status\${warned:+, warned of the time limit}"

if [ -n "$warned" ] && [ $status = ${SAVED} ]; then
  if [ "$start" -ge ${request.requeues} ]; then
    echo "requeued ${request.requeues} times, and no more: submit it again to go on" >&2
    exit $status
  fi
  # A requeue sends TERM to all of the job, to scontrol too.
  trap '' TERM
  # Not SLURM_JOB_ID: that of the last task is the whole array's.
  exec scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit $status
`;
}

function directives({name, tasks, logs, request}: SlurmArray): string[] {
  const {cpus, time, mem, gpus, partition, account, constraint, maxParallel, warning, more} = request;
  const parallel = maxParallel === undefined ? "" : `%${maxParallel}`;
  const asked = {time, mem, gpus, partition, account, constraint};
  return [
    `--job-name=${sbatchWord(name)}`,
    `--array=1-${tasks}${parallel}`,
    `--nodes=1 --ntasks=1 --cpus-per-task=${cpus}`,
    ...Object.entries(asked).flatMap(([key, value]) =>
      value === undefined ? [] : [`--${key}=${sbatchWord(value)}`],
    ),
    "--requeue --open-mode=append",
    `--signal=B:USR1@${warning}`,
    `--output=${sbatchWord(`${logs.replaceAll("%", "%%")}/%a.log`)}`,
    ...more,
  ];
}
