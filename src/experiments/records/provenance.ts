import {spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {hostname} from "node:os";
import {join} from "node:path";
import {root} from "../../system/root";

/** What made a record, besides its spec. */
export interface Provenance {
  /** Of the project, or "unknown" where it is no git clone. */
  readonly commit: string;
  /** The program differed from the commit. */
  readonly dirty: boolean;
  readonly version: string;
  readonly host: string;
  readonly node: string;
}

export function provenance(): Provenance {
  const {version} = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {version: string};
  const commit = git("rev-parse", "HEAD");
  const changes = commit && git("status", "--porcelain", "--", "src", "package.json", "package-lock.json");
  return {
    commit: commit ?? "unknown",
    dirty: changes !== "",
    version,
    host: hostname(),
    node: process.version,
  };
}

function git(...args: string[]): string | undefined {
  const {status, stdout} = spawnSync("git", args, {cwd: root, encoding: "utf8"});
  return status === 0 ? stdout.trim() : undefined;
}
