import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {type PictureFolder, readPictureFolder} from "../../src/data/pictureFolder";
import {withFolder} from "./synthetic";

function put(...path: string[]): void {
  mkdirSync(dirname(join(...path)), {recursive: true});
  writeFileSync(join(...path), "a picture, as far as its name says");
}

/** Two classes, two pictures each, in both splits. */
function plain(folder: string): void {
  for (const part of ["train", "val"]) {
    for (const name of ["n01", "n02"]) for (const file of ["a.JPEG", "b.png"]) put(folder, part, name, file);
  }
}

function problems(folder: string): string {
  try {
    readPictureFolder(folder);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(!error.message.includes("\n"));
    return error.message;
  }
  return assert.fail("nothing was refused");
}

const found = ({train, classNames}: PictureFolder): string[] =>
  train.paths.map((path, i) => `${classNames[train.labels[i]]}: ${path}`);

test("hidden files and folders, and those that systems leave, are no classes and no pictures", async () => {
  await withFolder(async folder => {
    plain(folder);
    const before = readPictureFolder(folder);
    put(folder, "train", ".ipynb_checkpoints", "a-checkpoint.JPEG");
    put(folder, "train", "n01", ".ipynb_checkpoints", "a-checkpoint.JPEG");
    put(folder, "train", "n01", "._a.JPEG");
    put(folder, "train", "__MACOSX", "n01", "._a.JPEG");
    put(folder, "train", "n02", "@eaDir", "thumb.jpg");
    put(folder, "train", "$RECYCLE.BIN", "S-1-5", "a.jpg");
    put(folder, "val", "System Volume Information", "tracking.log");
    put(folder, "val", "n02", ".DS_Store");
    put(folder, "train", "n02", "notes.txt");
    assert.deepEqual(readPictureFolder(folder), before);
  });
});

test("pictures are found at any depth, folder by folder, through links, and in folders that are named as pictures", async () => {
  await withFolder(async folder => {
    plain(folder);
    put(folder, "train", "n01", "images", "c.JPEG");
    put(folder, "train", "n01", "images.old", "d.webp");
    put(folder, "train", "n01", "x.jpg", "e.tif");
    put(folder, "elsewhere", "f.jpeg");
    symlinkSync(join(folder, "elsewhere"), join(folder, "train", "n01", "linked"));
    symlinkSync(join(folder, "elsewhere", "f.jpeg"), join(folder, "train", "n02", "c.jpg"));
    assert.deepEqual(found(readPictureFolder(folder)), [
      "n01: n01/a.JPEG",
      "n01: n01/b.png",
      "n01: n01/images/c.JPEG",
      "n01: n01/images.old/d.webp",
      "n01: n01/linked/f.jpeg",
      "n01: n01/x.jpg/e.tif",
      "n02: n02/a.JPEG",
      "n02: n02/b.png",
      "n02: n02/c.jpg",
    ]);
  });
});

test("the layout of Tiny-ImageNet's training pictures is found; of its test pictures it is said what to do", async () => {
  await withFolder(async folder => {
    for (const name of ["n01", "n02"]) put(folder, "train", name, "images", `${name}_0.JPEG`);
    put(folder, "val", "images", "val_0.JPEG");
    put(folder, "val", "val_annotations.txt");
    assert.match(
      problems(folder),
      /4 problems: .*lacks class n01.*val_annotations.txt names the classes.*sort them/,
    );
    for (const name of ["n01", "n02"]) put(folder, "val", name, "images", "val_0.JPEG");
    rmSync(join(folder, "val", "images"), {recursive: true});
    rmSync(join(folder, "val", "val_annotations.txt"));
    assert.deepEqual(found(readPictureFolder(folder)), [
      "n01: n01/images/n01_0.JPEG",
      "n02: n02/images/n02_0.JPEG",
    ]);
  });
});

test("everything that cannot be read is told at once, before anything is decoded", async () => {
  await withFolder(async folder => {
    plain(folder);
    writeFileSync(join(folder, "train", "n01", "empty.JPEG"), "");
    symlinkSync(join(folder, "gone.JPEG"), join(folder, "train", "n01", "dangling.JPEG"));
    symlinkSync(join(folder, "val", "n02", "self.JPEG"), join(folder, "val", "n02", "self.JPEG"));
    symlinkSync("/dev/zero", join(folder, "val", "n01", "zero.png"));
    symlinkSync("..", join(folder, "val", "n01", "up"));
    put(folder, "train", "n02", "old.bmp");
    execFileSync("mkfifo", [join(folder, "train", "n02", "pipe.jpg")]);
    mkdirSync(join(folder, "train", "n03"));
    const message = problems(folder);
    assert.match(message, /^\d+ problems: .*the layout is train\/CLASS/);
    for (const each of [
      /train.n01.empty.JPEG is an empty file/,
      /train.n01.dangling.JPEG is a link that leads nowhere/,
      /train.n02.old.bmp is of a kind that is not decoded here/,
      /train.n02.pipe.jpg is no file/,
      /val lacks class n03/,
    ])
      assert.match(message, each);
    for (const path of [
      "train/n01/empty.JPEG",
      "train/n01/dangling.JPEG",
      "train/n02/old.bmp",
      "train/n02/pipe.jpg",
    ])
      rmSync(join(folder, path));
    renameSync(join(folder, "train", "n03"), join(folder, "n03"));
    const rest = problems(folder);
    assert.match(rest, /val.n02.self.JPEG \(ELOOP\)/);
    assert.match(rest, /val.n01.zero.png is no file/);
    assert.match(rest, /leads to a folder that was found already/);
  });
});

test("of many problems the first are told, and how many more there are", async () => {
  await withFolder(async folder => {
    plain(folder);
    for (let i = 0; i < 50; i++) writeFileSync(join(folder, "train", "n01", `e${i}.jpg`), "");
    assert.match(problems(folder), /^50 problems: .*; and 42 more: the layout/);
  });
});

test("a name that is not UTF-8, of a class or a picture, is told as that; U+FFFD in a name is a character as any other", {
  skip: process.platform !== "linux" && "only Linux takes any bytes as a name",
}, async () => {
  await withFolder(async folder => {
    plain(folder);
    put(folder, "train", "n01", "\ufffd.jpg");
    assert.ok(found(readPictureFolder(folder)).some(line => line.endsWith("\ufffd.jpg")));
    const bytes = (...path: string[]): Buffer =>
      Buffer.concat([Buffer.from(join(folder, ...path)), Buffer.of(0xff, 0xe9)]);
    mkdirSync(bytes("train", "n"));
    writeFileSync(Buffer.concat([bytes("val", "n01", "p"), Buffer.from(".jpg")]), "a picture");
    writeFileSync(bytes("train", "n02", "notes"), "no picture");
    const message = problems(folder);
    assert.match(message, /^2 problems: /);
    assert.match(message, /train\/n\ufffd+ has a name that is not UTF-8: rename it/);
    assert.match(message, /val\/n01\/p\ufffd+\.jpg has a name that is not UTF-8: rename it/);
  });
});
