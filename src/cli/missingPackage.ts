import {readFileSync} from "node:fs";
import {join} from "node:path";
import {root} from "../system/root";

/**
 * What a user of the published package should install, in one line, where a part that this program loads when it is
 * wanted is not there; undefined for every other error.
 */
export function missingPackage(error: unknown): string | undefined {
  const {code, message} = error as NodeJS.ErrnoException;
  if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const [, name] = /^Cannot find (?:module|package) '((?:@[^/']+\/)?[^./'][^/']*)/.exec(message) ?? [];
  if (name === undefined) return undefined;
  const {dependencies, peerDependencies} = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
  const range = peerDependencies?.[name] ?? dependencies?.[name];
  if (range === undefined) return undefined;
  return `this needs the package ${name}, which is not installed: npm install ${name}@${range}`;
}
