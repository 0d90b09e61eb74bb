import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../core/errors";
import {classFolders, picturesBelow} from "./pictureWalk";

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

const LAYOUT = "the layout is train/CLASS/*.JPEG and val/CLASS/*.JPEG";
/** Problems told in full; of more, how many they are. */
const TOLD = 8;

/**
 * train/CLASS/… and val/CLASS/… below `folder`; classes and files as torchvision's ImageFolder finds and orders them,
 * at any depth below their class, but for hidden ones. Whatever makes it unusable is told at once, in one UserError.
 */
export function readPictureFolder(folder: string): PictureFolder {
  const train = join(folder, "train");
  const test = join(folder, "val");
  const problems: string[] = [];
  const classNames = classFolders(train, problems);
  const tested = classFolders(test, problems);
  if (classNames.length > 0 && tested.length > 0) {
    for (const name of without(classNames, tested)) problems.push(`${test} lacks class ${name} of ${train}`);
    for (const name of without(tested, classNames))
      problems.push(`${test} has class ${name}, unknown to ${train}`);
    if (existsSync(join(test, "val_annotations.txt"))) {
      problems.push(
        `${join(test, "val_annotations.txt")} names the classes of its pictures: sort them into folders`,
      );
    }
  }
  const splits = {
    train: filesIn(train, classNames, problems),
    test: filesIn(
      test,
      classNames.filter(name => tested.includes(name)),
      problems,
    ),
  };
  if (problems.length > 0) {
    const more = problems.length > TOLD ? `; and ${problems.length - TOLD} more` : "";
    const count = problems.length > 1 ? `${problems.length} problems: ` : "";
    throw new UserError(
      `${count}${problems.slice(0, TOLD).join("; ")}${more}: ${LAYOUT}, with the same classes`,
    );
  }
  const hash = createHash("sha256");
  for (const [part, {paths}] of Object.entries(splits)) hash.update(`${part}\n${paths.join("\n")}\n`);
  return {classNames, ...splits, files: hash.digest("hex")};
}

function filesIn(folder: string, classNames: readonly string[], problems: string[]): PictureFiles {
  const paths: string[] = [];
  const labels: number[] = [];
  for (const [label, name] of classNames.entries()) {
    const before = problems.length;
    const pictures = picturesBelow(folder, name, problems);
    if (pictures.length === 0 && problems.length === before)
      problems.push(`${join(folder, name)} holds no pictures (.JPEG, .jpg, .png, .webp or .tif)`);
    for (const path of pictures) {
      paths.push(path);
      labels.push(label);
    }
  }
  return {folder, paths, labels: Uint16Array.from(labels)};
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const there = new Set(others);
  return names.filter(name => !there.has(name));
}
