import assert from "node:assert/strict";
import {test} from "node:test";
import {withoutEffect} from "../../src/cli/withoutEffect";
import {searchSpec} from "../../src/search/defaults";

const everything = (): boolean => true;
const folder = {checkpoint: "runs/x", resume: true};
const flags = (lines: readonly string[]): string[] => lines.map(line => line.split(" ")[0]);

test("options that change nothing are named with the reason", () => {
  const relu = withoutEffect(searchSpec({arch: "digits"}), {}, everything);
  assert.deepEqual(relu, [
    "--surrogate (goes with --activation sign)",
    "--crop (digits are not cropped)",
    "--every (goes with --checkpoint)",
    "--other-machine (goes with --resume)",
  ]);
  const dense = searchSpec({arch: "conv2", method: "dense", activation: "sign", selection: "global"});
  assert.deepEqual(flags(withoutEffect(dense, folder, everything)), [
    "--selection",
    "--ranking",
    "--scores",
    "--gain",
    "--output-gain",
    "--score-gradient",
  ]);
  const popup = searchSpec({arch: "conv2", method: "edge-popup", activation: "sign"});
  assert.deepEqual(flags(withoutEffect(popup, folder, everything)), ["--gain", "--output-gain"]);
  const random = searchSpec({arch: "conv2", method: "random-mask", activation: "sign"});
  assert.deepEqual(withoutEffect(random, folder, everything), [
    "--score-gradient (--method random-mask leaves the scores as they are)",
    "--interim-test-images (the last epoch sees the whole test set)",
  ]);
});

test("options that count, or were not given, are not named", () => {
  assert.deepEqual(withoutEffect(searchSpec({arch: "conv2", activation: "sign"}), folder, everything), []);
  assert.deepEqual(
    withoutEffect(searchSpec({arch: "digits", method: "dense"}), {}, () => false),
    [],
  );
});
