import {type ChildProcess, spawn, spawnSync} from "node:child_process";
import {randomBytes} from "node:crypto";
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {hostname, tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as later} from "node:timers/promises";

const programs = ["slurmctld", "slurmd", "sbatch", "munged", "unshare"];
const isThere = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const missing = programs.filter(program => !isThere(program));

/** Why no cluster can be started here; false where one can. */
export const lacksSlurm: string | false =
  missing.length > 0
    ? `NO SLURM: ${missing.join(", ")} missing (Debian: slurmctld slurmd slurm-client munge)`
    : spawnSync("unshare", ["--uts", "--pid", "--fork", "--mount-proc", "true"]).status !== 0 &&
      "NO SLURM: no right to name spaces (unshare), which let two nodes run on one host";

/** Two nodes on this host, each with a host name and processes of its own, and one CPU that is counted, not enforced. */
export interface Cluster {
  /** What a command needs to find it. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs a command of Slurm's and gives what it says. */
  ask(program: string, ...args: string[]): string;
  /** The node loses power, with all that runs on it. */
  cutPower(node: string): void;
  /** Slurm's program on the node dies alone: what the node runs goes on. */
  cutOff(node: string): void;
  switchOn(node: string): void;
  close(): Promise<void>;
}

const nodes = ["n1", "n2"] as const;

export async function startCluster(port: number): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "multiprize-slurm-"));
  for (const name of ["state", "log", "munge", ...nodes.map(node => `spool.${node}`)])
    mkdirSync(join(folder, name), {mode: name === "munge" ? 0o700 : 0o755});
  const within = (...names: string[]): string => join(folder, ...names);
  writeFileSync(within("munge", "key"), randomBytes(128), {mode: 0o600});
  writeFileSync(within("cgroup.conf"), "CgroupPlugin=cgroup/v1\n");
  writeFileSync(within("slurm.conf"), configuration(folder, port));
  const env = {...process.env, SLURM_CONF: within("slurm.conf")};
  const ask = (program: string, ...args: string[]): string => {
    const {status, stdout, stderr, error} = spawnSync(program, args, {env, encoding: "utf8"});
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr}`);
    return stdout.trim();
  };
  const service = (program: string, ...args: string[]): ChildProcess =>
    spawn(program, args, {env, stdio: "ignore"});
  const started = new Map<string, ChildProcess>();
  const switchOn = (node: string): void => {
    // The first process of a node outlives slurmd, so that the two can be killed apart.
    const body = 'hostname "$0"; slurmd -D -N "$0"; sleep infinity';
    const spaces = ["--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
    started.set(node, service("unshare", ...spaces, "bash", "-c", body, node));
  };
  const stop = (name: string): void => void started.get(name)?.kill("SIGKILL");
  const own = ["key-file=key", "pid-file=pid", "log-file=log", "seed-file=seed"].map(option => {
    const [name, file] = option.split("=");
    return `--${name}=${within("munge", file)}`;
  });
  started.set(
    "munged",
    service(
      "munged",
      "--foreground",
      "--force",
      "--num-threads=2",
      `--socket=${within("munge.socket")}`,
      ...own,
    ),
  );
  await later(200);
  started.set("slurmctld", service("slurmctld", "-D", "-c"));
  for (const node of nodes) switchOn(node);
  const close = async (): Promise<void> => {
    const ends = [...started.values()].map(
      child =>
        child.exitCode === null && child.signalCode === null && new Promise(end => child.once("exit", end)),
    );
    for (const name of started.keys()) stop(name);
    await Promise.all(ends);
    rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 200});
  };
  const cluster: Cluster = {
    ...{env, ask, switchOn, close},
    cutPower: stop,
    cutOff(node) {
      const told = (pid: string, what: string): string[] =>
        readFileSync(`/proc/${pid}/${what}`, "latin1").split("\0");
      const isIts = (pid: string): boolean =>
        told(pid, "cmdline").includes(node) && told(pid, "environ").includes(`SLURM_CONF=${env.SLURM_CONF}`);
      for (const pid of ask("pgrep", "-x", "slurmd").split("\n"))
        if (isIts(pid)) process.kill(Number(pid), "SIGKILL");
    },
  };
  for (let tried = 0; tried < 240; tried++) {
    const {stdout} = spawnSync("sinfo", ["-h", "-N", "-t", "idle", "-o", "%N"], {env, encoding: "utf8"});
    if (stdout.trim().split("\n").length === nodes.length) return cluster;
    await later(250);
  }
  const log = readFileSync(within("log", "slurmctld"), "utf8").split("\n").slice(-8).join("\n");
  await close();
  throw new Error(`the nodes did not become idle within a minute: ${log}`);
}

/** Without cgroups and accounting; impatient, for a node that is silent for 10 s is down. */
function configuration(folder: string, port: number): string {
  const host = hostname().split(".")[0];
  const node = (name: string, at: number): string =>
    `NodeName=${name} NodeHostname=${name} NodeAddr=127.0.0.1 Port=${at} CPUs=1 RealMemory=2000 State=UNKNOWN`;
  return `ClusterName=proof
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${folder}/munge.socket,cred_expire=10
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool.%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.%n.pid
SlurmctldLogFile=${folder}/log/slurmctld
SlurmdLogFile=${folder}/log/slurmd.%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0
JobRequeue=1
KillWait=10
MinJobAge=3600
SlurmdTimeout=10
ReturnToService=2
SlurmdParameters=config_overrides
${nodes.map((name, i) => node(name, port + 1 + i)).join("\n")}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}
