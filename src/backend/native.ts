import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import {root} from "../system/root";

/** TensorFlow's C library as it was loaded. */
export interface NativeInfo {
  /** Version of the library, such as "2.21.0". */
  readonly tensorflow: string;
  /** Which wheel the library came from. */
  readonly flavour: "cpu" | "cuda";
  /** Whether TensorFlow found a GPU to compute on. */
  readonly usesGpu: boolean;
}

/** TensorFlow's library cannot be used here; the message is one line and says why. */
export class NativeUnavailable extends Error {
  override name = "NativeUnavailable";
}

const native = join(root, ".native");
const remedy = "run `npm run setup`";
let loaded: NativeInfo | undefined;

/**
 * Register the backend "tensorflow" with TensorFlow.js: tfjs-node-gpu, its binding compiled by the set-up.
 * Loads once; later calls return the same answer. Throws NativeUnavailable.
 */
export function loadNative(): NativeInfo {
  loaded ??= load();
  return loaded;
}

function load(): NativeInfo {
  const about = readAbout();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  // tfjs-node still calls it: Node 22 warns of that, and later ones have it no more.
  const legacy = util as {isNullOrUndefined?: (value: unknown) => boolean};
  legacy.isNullOrUndefined = value => value === null || value === undefined;
  checkThreadCounts(process.env);
  try {
    quietly(() => require("@tensorflow/tfjs-node-gpu"));
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).split("\n")[0];
    throw new NativeUnavailable(`TensorFlow's library does not load (${reason}): ${remedy}`);
  }
  const backend = tf.findBackend("tensorflow") as unknown as {isUsingGpuDevice: boolean};
  return {...about, usesGpu: backend.isUsingGpuDevice};
}

function readAbout(): {tensorflow: string; flavour: "cpu" | "cuda"} {
  const file = join(native, "native.json");
  if (!existsSync(file)) throw new NativeUnavailable(`TensorFlow's library is not set up: ${remedy}`);
  const {tensorflow, flavour} = JSON.parse(readFileSync(file, "utf8"));
  return {tensorflow, flavour};
}

/** TensorFlow aborts the process where one of these is no count. */
function checkThreadCounts(env: NodeJS.ProcessEnv): void {
  for (const name of ["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"]) {
    const text = env[name] ?? "";
    if (text !== "" && !/^\d+(,\d+)*$/.test(text))
      throw new UserError(`${name} must be a whole number of threads, got "${text}": unset it`);
  }
}

/** TensorFlow's static initialisers write to file descriptor 2 before any log level reaches them. */
function quietly(work: () => void): void {
  if (process.env.TF_CPP_MIN_LOG_LEVEL === "0") {
    work();
    return;
  }
  const {mute, unmute} = require(join(native, "mute.node")) as {mute(): void; unmute(): void};
  mute();
  try {
    work();
  } finally {
    unmute();
  }
}
