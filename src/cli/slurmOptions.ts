import {type Command, InvalidArgumentError, Option} from "commander";
import {UserError} from "../core/errors";
import {formatDuration} from "../report/duration";
import type {SlurmRequest} from "../slurm/script";
import {timeLimitSeconds} from "../slurm/timeLimit";
import {countingNumber, wholeNumber} from "./options";

/** The options of `run` that say how it is run on a cluster. */
export interface SlurmOptions {
  slurm?: boolean;
  slurmOut?: string;
  cpus?: number;
  time?: string;
  mem?: string;
  gpus?: string;
  partition?: string;
  account?: string;
  constraint?: string;
  maxParallel?: number;
  cellsPerTask?: number;
  warning?: number;
  requeues?: number;
  sbatch?: string[];
}

const names = [
  ..."slurmOut cpus time mem gpus partition account constraint maxParallel".split(" "),
  ..."cellsPerTask warning requeues sbatch".split(" "),
] as readonly (keyof SlurmOptions)[];
const usual = {cpus: 4, cellsPerTask: 1, warning: 300, requeues: 20} as const;

export function addSlurmOptions(command: Command): Command {
  const counted = (flag: string, about: string, value: number, least = countingNumber): Option =>
    new Option(flag, about).argParser(least).default(undefined, String(value));
  const word = (flag: string, about: string): Option => new Option(flag, about).argParser(oneWord);
  return command
    .optionsGroup("Slurm:")
    .option(
      "--slurm",
      "write an array job over the cells that are left, and submit it; with --dry-run show it",
    )
    .addOption(
      new Option("--slurm-out <dir>", "folder of the script, its cells and logs").default(
        undefined,
        "runs/slurm and the experiments' names",
      ),
    )
    .addOption(counted("--cpus <n>", "CPUs a task, and threads", usual.cpus))
    .addOption(new Option("--time <limit>", "time limit of a start, such as 12:00:00").argParser(timeLimit))
    .addOption(word("--mem <size>", "memory a task, such as 8G"))
    .addOption(word("--gpus <n>", "GPUs a task"))
    .addOption(word("--partition <name>", "partition"))
    .addOption(word("--account <name>", "account"))
    .addOption(word("--constraint <list>", "features a node must have, such as one CPU model"))
    .addOption(new Option("--max-parallel <n>", "tasks at once").argParser(countingNumber))
    .addOption(counted("--cells-per-task <n>", "cells a task, where they are short", usual.cellsPerTask))
    .addOption(counted("--warning <seconds>", "time to save in before the limit", usual.warning))
    .addOption(
      counted("--requeues <n>", "times a task goes on behind its limit", usual.requeues, wholeNumber),
    )
    .option("--sbatch <options>", "more options of sbatch, such as --qos=long; repeat it", sbatchOptions)
    .optionsGroup("Options:");
}

/** What a task asks for. UserError for such an option without --slurm. */
export function slurmRequest(options: SlurmOptions): SlurmRequest & {cellsPerTask: number} {
  const {
    cpus,
    time,
    mem,
    gpus,
    partition,
    account,
    constraint,
    maxParallel,
    cellsPerTask,
    warning,
    requeues,
  } = {...usual, ...given(options)};
  const seconds = time === undefined ? undefined : timeLimitSeconds(time);
  if (seconds !== undefined && seconds <= warning)
    throw new UserError(
      `--time ${time} is ${formatDuration(seconds)} to Slurm, and the last ${warning} s of it (--warning) are for saving: give more, as HH:MM:SS or D-HH`,
    );
  const asked = {time, mem, gpus, partition, account, constraint, maxParallel};
  return {...asked, cpus, cellsPerTask, warning, requeues, more: options.sbatch ?? []};
}

export function refuseWithoutSlurm(options: SlurmOptions): void {
  const alone = names.find(name => options[name] !== undefined);
  if (alone === undefined || options.slurm) return;
  const flag = alone.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  throw new UserError(`--${flag} is for jobs: give --slurm too, or leave it out`);
}

function given(options: SlurmOptions): SlurmOptions {
  return Object.fromEntries(
    names.flatMap(name => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

function oneWord(text: string): string {
  if (text !== "" && !/[\r\n]/.test(text)) return text;
  throw new InvalidArgumentError("It must be a text of one line.");
}

function timeLimit(text: string): string {
  if (timeLimitSeconds(text) !== undefined) return text;
  throw new InvalidArgumentError(
    "It must be such as 12:00:00 or 2-12: hours, minutes, seconds; days, hours.",
  );
}

/** What the script's own options say, long and short: said twice, the last would count, and cells be left out. */
const ownOptions =
  /(?:^|\s)(--(?:array|nodes|ntasks|cpus-per-task|signal|output|open-mode|(?:no-)?requeue|time|mem|gpus|partition|account|constraint)|-[aNncotpACG])(?![a-z-])/;

function sbatchOptions(text: string, before: string[] = []): string[] {
  if (!/^-[^\r\n]+$/.test(text))
    throw new InvalidArgumentError("It must be options of one line, such as --qos=long.");
  const own = ownOptions.exec(text)?.[1];
  if (own !== undefined)
    throw new InvalidArgumentError(`The script sets ${own} itself; run --help says how.`);
  return [...before, text];
}
