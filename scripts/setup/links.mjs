// The two links through which a clone reaches its binding in the cache. `npm ci` removes one; it is back in no time.
import {existsSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync} from "node:fs";
import {dirname, join} from "node:path";
import {paths} from "./facts.mjs";

/** Make `path` a symbolic link to `target`, in one step. */
export function link(target, path) {
  try {
    if (readlinkSync(path) === target) return;
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EINVAL") throw error;
    if (existsSync(path)) rmSync(path, {recursive: true});
  }
  mkdirSync(dirname(path), {recursive: true});
  const fresh = `${path}.${process.pid}`;
  rmSync(fresh, {force: true});
  symlinkSync(target, fresh);
  renameSync(fresh, path);
}

/** Where tfjs-node-gpu looks for its binding. */
export const addon = join(paths.tfjs, "lib", "napi-v8", "tfjs_binding.node");

export function linkBinding(folder) {
  link(folder, paths.native);
  link(join(folder, "tfjs_binding.node"), addon);
}
