import assert from "node:assert/strict";
import {test} from "node:test";
import {cellsOf} from "../../src/experiments/define/experiment";
import {experimentNamed, experiments} from "../../src/experiments/define/experiments";
import {ownExperiment} from "../../src/experiments/define/ownExperiment";
import {sharedPlace} from "../../src/experiments/define/sharedPlace";
import {searchSpec} from "../../src/search/defaults";

const own = (value: unknown): ReturnType<typeof ownExperiment> => ownExperiment(value, "own.json", "own");

test("a grid is every combination of its values, and each cell has the name of its spec", () => {
  const experiment = own({
    title: "Mine",
    base: {arch: "conv2", epochs: 3, optimizer: {name: "sgd", momentum: 0.8}},
    grid: {"optimizer.momentum": [0, 0.9], keepFraction: [0.1, 0.5], seed: [0, 4]},
  });
  const cells = cellsOf(experiment, "smoke");
  assert.equal(cells.length, 8);
  assert.deepEqual(
    cells.map(({spec}) => spec),
    [0, 0.9].flatMap(momentum =>
      [0.1, 0.5].flatMap(keepFraction =>
        [0, 4].map(seed =>
          searchSpec({arch: "conv2", epochs: 3, keepFraction, seed, optimizer: {name: "sgd", momentum}}),
        ),
      ),
    ),
  );
  assert.deepEqual(
    [cells[5].label, cells[5].curve, cells[5].x, cells[5].dataset],
    ["momentum 0.9, k 0.1, seed 4", "momentum 0.9", 0.1, "cifar10"],
  );
});

test("a spec of the project's own experiments, written down, is the same run by the same name", () => {
  const cells = cellsOf(experimentNamed("depth"), "laptop").slice(0, 5);
  const specs = cells.map(({spec, label}) => ({...JSON.parse(JSON.stringify(spec)), label}));
  const again = cellsOf(own({title: "Again", specs}), "paper");
  assert.deepEqual(
    again.map(({id, label}) => [id, label]),
    cells.map(({id, label}) => [id, label]),
  );
});

test("specs may have labels, a recipe and a data set of their own, and are crossed with the grid", () => {
  const cells = cellsOf(
    own({
      title: "Two recipes",
      specs: [
        {label: "as released", arch: "conv2"},
        {label: "brisk", arch: "conv2", recipe: "brisk"},
        {label: "digits", arch: "conv2", dataset: "mnist"},
      ],
      grid: {keepFraction: [0.2, 0.5]},
    }),
    "laptop",
  );
  assert.deepEqual(cells.map(({label}) => label).slice(2), [
    "brisk, k 0.2",
    "brisk, k 0.5",
    "digits, k 0.2",
    "digits, k 0.5",
  ]);
  assert.deepEqual(cells[2].spec, searchSpec({arch: "conv2", keepFraction: 0.2, recipe: "brisk"}));
  assert.deepEqual([cells[1].dataset, cells[4].dataset], ["cifar10", "mnist"]);
  assert.deepEqual([cells[2].curve, cells[2].x], ["brisk", 0.2]);
});

test("settings of parts are told apart by their parts where the name is not enough, in labels, curves and places", () => {
  const optimizer = [{name: "sgd", momentum: 0}, {name: "sgd", momentum: 0.9}, {name: "adam"}];
  const of = (more: object) =>
    cellsOf(
      own({title: "T", base: {arch: "digits"}, grid: {optimizer, keepFraction: [0.2, 0.5]}, ...more}),
      "laptop",
    );
  assert.deepEqual(
    of({}).map(({label, curve, x}) => [label, curve, x]),
    ["sgd momentum 0", "sgd momentum 0.9", "adam"].flatMap(text =>
      [0.2, 0.5].map(k => [`optimiser ${text}, k ${k}`, `optimiser ${text}`, k]),
    ),
  );
  assert.equal(new Set(of({x: "optimizer"}).map(({curve, x}) => `${curve} ${x}`)).size, 6);
});

test("cells that a report would take for seeds of one thing are seeds of one thing", () => {
  const base = {arch: "digits"};
  const refused: [object, RegExp][] = [
    [
      {
        specs: [
          {label: "a", gain: "one"},
          {label: "a", gain: "unit", seed: 1},
        ],
      },
      /^own\.json: cells 1 and 2 \(a\) would be taken for two seeds of one thing, and differ in gain: give each spec a "label"/,
    ],
    [{specs: [{label: "a"}, {label: "a", dataset: "cifar10", seed: 1}]}, /differ in dataset/],
    [
      {
        x: "keepFraction",
        specs: [
          {label: "a", seed: 0},
          {label: "a", seed: 1, epochs: 2},
        ],
      },
      /differ in epochs/,
    ],
    [{grid: {seed: [1, 2, 1]}}, /cells 1 and 3 \(seed 1\) are one run: leave one of them out$/],
    [{grid: {keepFraction: [0.5, 0.5]}}, /cells 1 and 2 \(T\) are one run/],
  ];
  for (const [more, message] of refused)
    assert.throws(() => own({title: "T", base, ...more}), {name: "UserError", message});
  // One run may stand at two places, and many seeds at one.
  const named = own({title: "T", base, specs: [{label: "a"}, {label: "b"}, {label: "b", seed: 1}]});
  assert.deepEqual(
    named.settings.map(({curve, x}) => [curve, x]),
    ["a", "b", "b"].map(label => ["T", label]),
  );
  assert.equal(own({title: "T", base, specs: [{label: "a"}, {label: "a", seed: 1}]}).settings.length, 2);
  for (const {name, settings} of experiments) assert.equal(sharedPlace(settings), undefined, name);
});

test("what is no experiment is refused in one line that names the file, the cell, the setting and what is valid", () => {
  const base = {arch: "digits"};
  const refused: [unknown, RegExp][] = [
    [[], /^own\.json: it holds no experiment: it must be an object such as/],
    [{grid: {seed: [1]}}, /^own\.json: it needs a "title"$/],
    [{title: "T\nU", grid: {seed: [1]}}, /"title" must be a text of one line/],
    [{title: "T", base}, /it needs "specs", a list, or "grid"/],
    [{title: "T", spec: [base]}, /an experiment has no "spec" \(did you mean specs\?\); it has title, name/],
    [{title: "T", specs: []}, /"specs" must be a list of objects/],
    [{title: "T", base, grid: {keepFraction: 0.2}}, /grid keepFraction must be a list .*, got 0\.2$/],
    [{title: "T", base, name: "../up", grid: {seed: [1]}}, /"name" must be of letters/],
    [{title: "T", base, x: "keep", grid: {seed: [1]}}, /"x" must be a setting, got "keep"/],
    [
      {title: "T", base, grid: {seed: [0, 1], keepFraction: [0.2, 2]}},
      /^own\.json: cell 2 of 4 \(k 2, seed 0\): keepFraction must be a share above 0 and at most 1, got 2$/,
    ],
    [
      {title: "T", specs: [base, {arch: "conv3"}]},
      /cell 2 of 2 \(conv3\): unknown architecture "conv3" .*choose /,
    ],
    [
      {title: "T", base, grid: {gian: ["one"]}},
      /own\.json: a spec has no "gian" \(did you mean gain\?\); it has/,
    ],
    [
      {title: "T", base, grid: {"optimizer.momentu": [1]}},
      /optimizer has no "momentu" \(did you mean momentum\?\)/,
    ],
    [
      {title: "T", base, grid: {dataset: ["mnsit"]}},
      /dataset must be one of mnist, cifar10, imagenet, got "mnsit"$/,
    ],
    [{title: "T", specs: [{...base, seed: 1}], grid: {seed: [2]}}, /specs 1 and the grid both give seed/],
    [
      {title: "T", base, grid: {seed: Array.from({length: 1001}, (_, i) => i), epochs: Array(10).fill(1)}},
      /it has 10,010 cells, and the most are 10,000$/,
    ],
  ];
  for (const [value, message] of refused)
    assert.throws(() => own(value), {name: "UserError", message}, JSON.stringify(value).slice(0, 80));
});
