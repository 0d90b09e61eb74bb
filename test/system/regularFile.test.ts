import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {loadCifar10} from "../../src/data/cifar10";
import {readRegularFile, readRegularFileLater} from "../../src/system/regularFile";
import {readTicket} from "../../src/ticket/file";

const folder = mkdtempSync(join(tmpdir(), "multiprize-regular-"));
after(() => rmSync(folder, {recursive: true}));
const skip = !existsSync("/dev/zero");

test("a regular file is read, through a link too", async () => {
  const [path, link] = [join(folder, "file"), join(folder, "link")];
  writeFileSync(path, "some bytes");
  symlinkSync(path, link);
  for (const each of [path, link]) {
    assert.equal(readRegularFile(each).toString(), "some bytes");
    assert.equal((await readRegularFileLater(each)).toString(), "some bytes");
  }
});

test("what has no end is refused at once: a device, a pipe, a link to one, a folder", {skip}, async () => {
  const [link, pipe] = [join(folder, "zero.mpt"), join(folder, "pipe")];
  symlinkSync("/dev/zero", link);
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  for (const path of [link, pipe, "/dev/zero"]) {
    assert.throws(() => readRegularFile(path), /it is a device or a pipe/);
    await assert.rejects(readRegularFileLater(path), /it is a device or a pipe/);
    assert.throws(() => readTicket(path), /cannot read .*: it is a device or a pipe, no file$/);
  }
  assert.throws(() => readRegularFile(folder), /it is a folder/);
});

test("a data set's file that is a link to a device is named", {skip}, async () => {
  const data = join(folder, "data_batch_1.bin");
  symlinkSync("/dev/zero", data);
  await assert.rejects(loadCifar10(folder), /data_batch_1.bin cannot be read \(it is a device or a pipe/);
});
