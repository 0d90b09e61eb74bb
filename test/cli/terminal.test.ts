import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {stepLine} from "../../src/cli/progress";
import {cellLine} from "../../src/cli/runProgress";
import {tableText} from "../../src/report/table";

const step = {
  epoch: 123,
  epochs: 250,
  batch: 3,
  batches: 391,
  loss: 1.234,
  accuracy: 45.6,
  imagesPerSecond: 789,
  secondsLeft: 75_000,
};

test("a search's progress fits any terminal, and the time left is the last to go", () => {
  assert.equal(
    stepLine(step, 0.5, 100),
    "epoch 123/250  [████████████············]  loss 1.234  train 45.6 %  789 images/s  21 h left",
  );
  for (let width = 26; width <= 120; width++) {
    const line = stepLine(step, 0.5, width);
    assert.ok(Array.from(line).length <= width, `${width}: ${line}`);
    assert.match(line, /^epoch 123\/250.* 21 h left$/);
  }
  assert.equal(stepLine(step, 0.5, 40), "epoch 123/250  train 45.6 %  21 h left");
});

test("a sweep's progress fits any terminal, and keeps the cell and both times", () => {
  const progress = {...step, cell: "12/144", allLeft: 5e6};
  for (let width = 40; width <= 120; width++) {
    const line = cellLine(progress, 1, width);
    assert.ok(Array.from(line).length <= width, `${width}: ${line}`);
    assert.match(line, /^12\/144 .*21 h left, all 58 days$/);
  }
});

test("a bar is as full as the share of steps, and never longer than its room", () => {
  fc.assert(
    fc.property(
      fc.double({min: -1, max: 2, noNaN: true}),
      fc.integer({min: 20, max: 200}),
      (share, width) => {
        const bar = /\[(█*)(·*)\]/.exec(stepLine(step, share, width));
        if (bar === null) return;
        const [, full, rest] = bar;
        const within = Math.min(1, Math.max(0, share));
        assert.ok(
          Math.abs(full.length / (full.length + rest.length) - within) <=
            0.5 / (full.length + rest.length) + 1e-9,
        );
      },
    ),
  );
});

const rows = [
  {
    file: "cifar-resnet18-relu-k0.2.mpt",
    about: "a table breaks its long texts between words",
    bytes: 1_048_576,
  },
  {file: "digits.mpt", about: "short", bytes: 12},
];

test("a table fits its width: texts are broken between words, and no word or number is lost", () => {
  for (let width = 20; width <= 100; width++) {
    const text = tableText(rows, undefined, {width});
    for (const line of text.split("\n")) assert.ok(Array.from(line).length <= width, `${width}: ${line}`);
    const letters = text.replaceAll(/[\s-]/g, "");
    for (const each of ["1,048,576", "digits.mpt", "short"])
      assert.ok(letters.includes(each.replaceAll("-", "")), `${width}: ${each}`);
  }
  assert.equal(
    tableText(rows, undefined, {width: 60}),
    [
      "file                  about                        bytes",
      "--------------------  -----------------------  ---------",
      "cifar-resnet18-relu-  a table breaks its long  1,048,576",
      "k0.2.mpt              texts between words",
      "digits.mpt            short                           12",
    ].join("\n"),
  );
  assert.equal(
    tableText(rows, undefined, {width: 24}).split("\n\n")[1],
    "file   digits.mpt\nabout  short\nbytes  12",
  );
});

test("a table that fits is what it is without a width", () => {
  assert.equal(tableText(rows, undefined, {width: 100}), tableText(rows));
});
