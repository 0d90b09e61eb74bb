import {resolve} from "node:path";
import {InvalidArgumentError, Option} from "commander";
import type {BackendInfo, BackendName} from "../backend/backend";
import {UserError} from "../core/errors";
import {note} from "./print";

/** An option's text as a number; nonsense is refused with what was expected. */
export function number(what: string, valid: (value: number) => boolean): (text: string) => number {
  return text => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || !valid(value)) {
      throw new InvalidArgumentError(`It must be ${what}.`);
    }
    return value;
  };
}

export const wholeNumber: (text: string) => number = number(
  "a whole number of at least 0",
  v => Number.isInteger(v) && v >= 0,
);
export const countingNumber: (text: string) => number = number(
  "a whole number of at least 1",
  v => Number.isInteger(v) && v > 0,
);
export const positive: (text: string) => number = number("a number above 0", v => v > 0);
export const nonNegative: (text: string) => number = number("a number of at least 0", v => v >= 0);
export const share: (text: string) => number = number("a share above 0 and at most 1", v => v > 0 && v <= 1);

export function dataDirectoryOption(): Option {
  return new Option(
    "--data-dir <dir>",
    "folder of CIFAR-10's binary files, or of imagenet/train and imagenet/val",
  )
    .env("MULTIPRIZE_DATA")
    .default("data");
}

export function everyOption(): Option {
  return new Option("--every <seconds>", "least time between checkpoints").argParser(nonNegative).default(30);
}

export function backendOption(): Option {
  return new Option("--backend <name>", "what computes")
    .choices(["auto", "tensorflow", "webgpu", "wasm", "cpu"])
    .env("MULTIPRIZE_BACKEND")
    .default("auto");
}

/** Chooses the backend; tells on standard error when `auto` had to settle for less. */
export async function chooseBackend(name: BackendName | "auto"): Promise<BackendInfo> {
  const {useBackend} = await import("../backend/backend");
  try {
    const info = await useBackend(name);
    if (info.notice) note(info.notice);
    return info;
  } catch (error) {
    if (error instanceof Error && error.name === "NativeUnavailable") throw new UserError(error.message);
    throw error;
  }
}

export function folder(path: string): string {
  return resolve(path);
}
