import {accessSync, constants, type Dirent, lstatSync, readdirSync, realpathSync, statSync} from "node:fs";
import {join} from "node:path";

/** Decoded here, of the kinds that torchvision's ImageFolder takes. */
const PICTURE = /\.(jpe?g|png|webp|tiff?)$/i;
/** Taken by torchvision, and not decoded here. */
const UNREAD = /\.(bmp|ppm|pgm)$/i;

/** Folders that systems leave: Apple's and Synology's copies, Linux's and Windows's at the head of a disk. */
const LEFT: readonly string[] = [
  "__MACOSX",
  "@eaDir",
  "lost+found",
  "$RECYCLE.BIN",
  "System Volume Information",
];

/** Names of the system and of programs, in any folder, .ipynb_checkpoints and ._1.JPEG too. */
function isHidden(name: string): boolean {
  return name.startsWith(".") || LEFT.includes(name);
}

/** The folders below one, in the order of their names. What is wrong is added to `problems`. */
export function classFolders(folder: string, problems: string[]): string[] {
  const entries = entriesOf(folder, problems, `there is no folder ${folder}`);
  const classes = entries.filter(entry => isFolder(folder, entry)).map(({name}) => name);
  if (classes.length > 0 || problems.length > 0) return classes.sort();
  const what = entries.some(({name}) => PICTURE.test(name))
    ? "pictures but no class folders"
    : "no class folders";
  problems.push(`${folder} holds ${what}`);
  return [];
}

/**
 * The pictures of a class, at any depth and through links, by their paths from `folder`: folder by folder in the order
 * of their paths, as ImageFolder walks. Pictures that cannot be read are added to `problems`.
 */
export function picturesBelow(folder: string, name: string, problems: string[]): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const folders = [name];
  const walked: {path: string; files: Dirent[]}[] = [];
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    const real = realpathSync(join(folder, path));
    if (seen.has(real)) {
      problems.push(`${join(folder, path)} leads to a folder that was found already`);
      continue;
    }
    seen.add(real);
    const entries = entriesOf(join(folder, path), problems);
    const below = entries.filter(entry => isFolder(join(folder, path), entry));
    for (const entry of below) folders.push(`${path}/${entry.name}`);
    const inside = new Set(below);
    walked.push({path, files: entries.filter(entry => !inside.has(entry))});
  }
  for (const {path, files} of walked.sort(byPath)) {
    for (const {name: file} of files.sort(byName)) {
      if (UNREAD.test(file))
        problems.push(`${join(folder, path, file)} is of a kind that is not decoded here: convert it`);
      if (!PICTURE.test(file)) continue;
      const problem = problemOf(join(folder, path, file));
      if (problem === undefined) found.push(`${path}/${file}`);
      else problems.push(problem);
    }
  }
  return found;
}

function byPath(a: {path: string}, b: {path: string}): number {
  return a.path < b.path ? -1 : 1;
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

function entriesOf(folder: string, problems: string[], missing: string = `cannot read ${folder}`): Dirent[] {
  try {
    const entries = readdirSync(folder, {withFileTypes: true}).filter(({name}) => !isHidden(name));
    const unnamed = entries.filter(entry => isUnnamed(folder, entry));
    for (const {name} of unnamed)
      problems.push(`${join(folder, name)} has a name that is not UTF-8: rename it`);
    return entries.filter(entry => !unnamed.includes(entry));
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    problems.push(code === "ENOENT" || code === "ENOTDIR" ? missing : `cannot read ${folder} (${code})`);
    return [];
  }
}

/** A folder or picture that Node cannot name: bytes that are not UTF-8 come as U+FFFD, under which nothing is found. */
function isUnnamed(folder: string, entry: Dirent): boolean {
  const {name} = entry;
  if (!name.includes("\ufffd") || (entry.isFile() && !PICTURE.test(name))) return false;
  return lstatSync(join(folder, name), {throwIfNoEntry: false}) === undefined;
}

function isFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(join(folder, entry.name)).isDirectory();
  } catch {
    // A link that leads nowhere, or in a circle: told where it has a picture's name.
    return false;
  }
}

/** What keeps a file from being a picture, as far as can be told without decoding it. */
function problemOf(path: string): string | undefined {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return `${path} is no file`;
    if (stat.size === 0) return `${path} is an empty file`;
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? `${path} is a link that leads nowhere` : `cannot read ${path} (${code})`;
  }
}
