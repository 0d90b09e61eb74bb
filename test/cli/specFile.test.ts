import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {Command} from "commander";
import {addSpecOptions, specFrom} from "../../src/cli/searchSpecOptions";
import {readSpec} from "../../src/cli/specFile";
import {placesOf} from "../../src/experiments/records/places";
import {loadRecords} from "../../src/experiments/records/store";
import {searchSpec} from "../../src/search/defaults";
import type {SearchSpec} from "../../src/search/spec";

const folder = mkdtempSync(join(tmpdir(), "multiprize-spec-"));
after(() => rmSync(folder, {recursive: true}));

function written(text: string): string {
  const path = join(folder, "spec.json");
  writeFileSync(path, text);
  return path;
}

function withFlags(file: string, ...flags: string[]): SearchSpec {
  const command = addSpecOptions(new Command()).exitOverride().parse(flags, {from: "user"});
  return specFrom(command, readSpec(file).given);
}

test("a record's id brings its spec and data set, and flags go before it", () => {
  const [record] = loadRecords(placesOf("laptop").results).records;
  const {given, dataset} = readSpec(record.specId.slice(0, 8));
  assert.deepEqual(searchSpec(given), record.spec);
  assert.equal(dataset, record.dataset);
  assert.deepEqual(withFlags(record.specId, "--seed", "7"), {...record.spec, seed: 7});
});

test("a file may hold some fields, or the result of a search; a part given as a flag leaves the others", () => {
  const some = {arch: "conv4", keepFraction: 0.2, optimizer: {name: "sgd", momentum: 0.8, nesterov: true}};
  assert.deepEqual(withFlags(written(JSON.stringify(some))), searchSpec(some as never));
  assert.deepEqual(withFlags(written(JSON.stringify(some)), "--momentum", "0.5").optimizer, {
    ...some.optimizer,
    momentum: 0.5,
  });
  const spec = searchSpec({arch: "conv2", keepFraction: 0.3});
  const result = written(JSON.stringify({spec, data: {name: "cifar10-jpeg"}, testAccuracy: 50}));
  assert.deepEqual(readSpec(result), {given: spec, dataset: "cifar10", whole: true});
});

test("a search that was done leaves a recipe nothing to fill in, and names what it was searched on", () => {
  const spec = searchSpec({arch: "digits", keepFraction: 0.3, epochs: 1});
  const refused = (value: object, message: RegExp, ...flags: string[]): void => {
    const [bin, file] = [join(__dirname, "..", "..", "bin", "multiprize.js"), written(JSON.stringify(value))];
    const {status, stderr} = spawnSync(process.execPath, [bin, "search", "--spec", file, ...flags], {
      encoding: "utf8",
    });
    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
    assert.equal(stderr.split("\n").length, 2);
  };
  refused({spec}, /says every setting, .*: leave --recipe unit out$/m, "--recipe", "unit");
  refused(
    {spec, data: {name: "mnsit"}},
    /was searched on "mnsit", which is none of mnist, cifar10, imagenet: give --data$/m,
  );
  refused({spec, dataset: 7}, /was searched on 7, which is none of/);
  assert.deepEqual(readSpec(written(JSON.stringify({spec}))), {given: spec, whole: true});
});

test("what holds no spec is refused in one line", () => {
  const refused = (file: string, message: RegExp): void =>
    assert.throws(
      () => withFlags(file),
      (error: Error) => message.test(error.message) && !error.message.includes("\n"),
    );
  refused(join(folder, "nowhere.json"), /there is no file .*, and it is no id of a record/);
  refused("0123456789ab", /no record of .* has an id that begins with 0123456789ab/);
  refused(folder, /^cannot read .*: it is a folder$/);
  if (existsSync("/dev/zero"))
    refused("/dev/zero", /^cannot read \/dev\/zero: it is a device or a pipe, no file$/);
  refused(written("{"), /spec.json is not JSON: /);
  refused(written("[1]"), /holds no spec: it must be an object/);
  refused(written('{"spec": 3}'), /its "spec" must be an object/);
  refused(written('{"arch": "conv2", "gian": "one"}'), /a spec has no "gian" \(did you mean gain\?\)/);
});
