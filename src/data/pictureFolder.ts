import {createHash} from "node:crypto";
import {existsSync, readdirSync, statSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../core/errors";

/** Labelled picture files: `paths[i]`, below the split's folder, is of class `labels[i]`. */
export interface PictureFiles {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly labels: Uint16Array;
}

export interface PictureFolder {
  readonly classNames: readonly string[];
  readonly train: PictureFiles;
  readonly test: PictureFiles;
  /** SHA-256 over the sorted paths of both splits. */
  readonly files: string;
}

const PICTURE = /\.(jpe?g|png)$/i;
const LAYOUT = "the layout is train/CLASS/*.JPEG and val/CLASS/*.JPEG";

/** train/CLASS/… and val/CLASS/… below `folder`; classes and files in the order of their names, as torchvision's ImageFolder. */
export function readPictureFolder(folder: string): PictureFolder {
  const train = join(folder, "train");
  const test = join(folder, "val");
  const classNames = classesIn(train);
  const tested = classesIn(test);
  const [missing, foreign] = [without(classNames, tested), without(tested, classNames)];
  if (missing ?? foreign) {
    const where = missing ? `${test} lacks class ${missing} of` : `${test} has class ${foreign}, unknown to`;
    throw new UserError(`${where} ${train}: ${LAYOUT}, with the same classes`);
  }
  const splits = {train: filesIn(train, classNames), test: filesIn(test, classNames)};
  const hash = createHash("sha256");
  for (const [part, {paths}] of Object.entries(splits)) hash.update(`${part}\n${paths.join("\n")}\n`);
  return {classNames, ...splits, files: hash.digest("hex")};
}

function classesIn(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(`there is no folder ${folder}: ${LAYOUT}`);
  }
  const entries = readdirSync(folder, {withFileTypes: true});
  const classes = entries
    .filter(
      entry =>
        entry.isDirectory() || (entry.isSymbolicLink() && statSync(join(folder, entry.name)).isDirectory()),
    )
    .map(({name}) => name)
    .sort();
  if (classes.length > 0) return classes;
  const what = entries.some(({name}) => PICTURE.test(name))
    ? "pictures but no class folders"
    : "no class folders";
  throw new UserError(`${folder} holds ${what}: ${LAYOUT}`);
}

function filesIn(folder: string, classNames: readonly string[]): PictureFiles {
  const paths: string[] = [];
  const labels: number[] = [];
  for (const [label, name] of classNames.entries()) {
    const pictures = readdirSync(join(folder, name)).filter(file => PICTURE.test(file));
    if (pictures.length === 0) {
      throw new UserError(`${join(folder, name)} holds no pictures (.JPEG, .jpg or .png): ${LAYOUT}`);
    }
    for (const file of pictures.sort()) {
      paths.push(`${name}/${file}`);
      labels.push(label);
    }
  }
  return {folder, paths, labels: Uint16Array.from(labels)};
}

function without(names: readonly string[], others: readonly string[]): string | undefined {
  const there = new Set(others);
  return names.find(name => !there.has(name));
}
