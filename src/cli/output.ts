import {statSync} from "node:fs";
import {extname} from "node:path";
import {UserError} from "../core/errors";
import {counted} from "../report/numbers";
import {checkOutput} from "../system/outputFile";
import {folder} from "./options";

/** What commands write and read, by the endings of names that say so. */
const kinds = {
  ticket: {is: "a ticket", endings: [".mpt"]},
  onnx: {is: "an ONNX model", endings: [".onnx"]},
  pytorch: {is: "a PyTorch checkpoint", endings: [".pth", ".pt"]},
  json: {is: "JSON", endings: [".json"]},
  records: {is: "lines of records", endings: [".jsonl"]},
  markdown: {is: "Markdown", endings: [".md"]},
  html: {is: "a page", endings: [".html", ".htm"]},
  csv: {is: "CSV", endings: [".csv"]},
  latex: {is: "LaTeX", endings: [".tex"]},
} as const;

export type FileKind = keyof typeof kinds;

/** "a page, 1,234 bytes": what a file is that was written. */
export function writtenText(kind: FileKind, content: string): string {
  return `${kinds[kind].is}, ${counted(Buffer.byteLength(content), "byte")}`;
}

/** The endings of files of these kinds, in words. */
export function endingsText(some: readonly FileKind[]): string {
  const endings = some.flatMap(kind => kinds[kind].endings);
  return `${endings.slice(0, -1).join(", ")} or ${endings.at(-1)}`;
}

/** What the ending of a file's name says that it is. */
export function kindNamed(file: string): FileKind | undefined {
  const ending = extname(file).toLowerCase();
  return (Object.keys(kinds) as FileKind[]).find(kind =>
    (kinds[kind].endings as readonly string[]).includes(ending),
  );
}

/**
 * The whole path of the file that `--out` names. UserError, before anything is computed, where it cannot be written, where
 * its name is that of another kind of file (and none of those it may be named as), or where it is one of the files that
 * the command reads.
 */
export function outputPath(
  out: string,
  kind: FileKind,
  inputs: readonly string[],
  mayBeNamed: readonly FileKind[] = [kind],
): string {
  const named = kindNamed(out);
  if (named !== undefined && !mayBeNamed.includes(named))
    throw new UserError(
      `${out} is the name of ${kinds[named].is}, and what is written is ${kinds[kind].is}: let it end in ${kinds[kind].endings[0]}`,
    );
  if (/^$|^-|\/$/.test(out)) throw new UserError(`--out must be a file's name, got "${out}"`);
  const path = folder(out);
  const same = inputs.find(input => isSameFile(folder(input), path));
  if (same !== undefined)
    throw new UserError(`${out} is the file that is read, ${same}: write to another one`);
  checkOutput(path);
  return path;
}

/** Whether two names lead to one file, also by links. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map(path => statSync(path, {throwIfNoEntry: false}));
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino;
}
