import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {Option} from "commander";
import {UserError} from "../../src/core/errors";
import {specId} from "../../src/experiments/records/specId";
import {loadRecords} from "../../src/experiments/records/store";
import {resolvedOptions} from "../../src/layers/maskedOptions";
import {scoreGradients} from "../../src/layers/scoreGradients";
import {surrogates} from "../../src/layers/surrogates";
import {searchSpec} from "../../src/search/defaults";
import {
  isDepends,
  rows,
  type SettingName,
  settingGroups,
  settingNamed,
  settingNames,
  settings,
} from "../../src/search/settings";
import {settingsPage} from "../../src/search/settings/page";

test("the values that a hash leaves out are these: a change of one would rename recorded runs", () => {
  const neutral = settingNames.flatMap(name => {
    const value = settingNamed(name).neutral;
    return value === undefined ? [] : [[name, value]];
  });
  const frozen = {
    activation: "relu",
    width: 1,
    method: "biprop",
    selection: "layerwise",
    ranking: "magnitude",
    weights: "kaiming-normal",
    fan: "pruned",
    scores: "uniform",
    gain: "mean-kept",
    scoreGradient: "straight-through",
    surrogate: "bi-real",
    batchNorm: "none",
    tuneBatchNorm: false,
    schedule: {name: "cosine"},
    labelSmoothing: 0,
    scoreRate: "absolute",
    precision: "float32",
  };
  for (const [name, value] of Object.entries(frozen))
    assert.deepEqual(settingNamed(name as SettingName).neutral, value, name);
  for (const [name, value] of neutral)
    if (!Object.hasOwn(frozen, name as string))
      assert.deepEqual(
        value,
        settingNamed(name as SettingName).absent,
        `${name} is new: what older runs did`,
      );
});

test("every recorded spec still hashes to its name, and is a valid spec", () => {
  const {records} = loadRecords(join(__dirname, "..", "..", "data", "results"));
  assert.ok(records.length >= 447, `${records.length} records`);
  for (const {dataset, spec, specId: id} of records) {
    assert.equal(specId({dataset: dataset as "mnist", spec}), id);
    assert.deepEqual(searchSpec(spec), spec, id);
  }
});

test("every row stands under one heading, and has a flag of its own", () => {
  assert.deepEqual(settingGroups.flatMap(({names}) => names).sort(), [...settingNames].sort());
  const flags = rows.map(({row}) => new Option(row.flag).long);
  assert.equal(new Set(flags).size, rows.length);
});

test("a usual value, and both ends of a slider, are values that the setting takes", () => {
  for (const {path, row} of rows) {
    const {usual, absent, kind} = row;
    const value = usual ?? absent;
    if (!isDepends(value)) assert.ok(kind.accepts(value), `${path} ${value}`);
    else if (value.on)
      for (const method of ["biprop", "dense"] as const)
        assert.ok(kind.accepts(value.on({method})), `${path} ${method}`);
    assert.equal(kind.type === "number", kind.slider !== undefined, path);
    const {from, to, log} = kind.slider ?? {from: 0, to: 0};
    for (const end of [from, to])
      if (kind.slider) assert.ok(kind.accepts(log ? 10 ** end : end), `${path} slides to ${end}`);
  }
});

test("what a typed value is read as is what the library takes", () => {
  for (const {path, row} of rows) {
    const {kind} = row;
    const values = kind.choices ?? (kind.type === "list" ? [[3, 6]] : kind.type === "switch" ? [true] : [1]);
    for (const value of values) assert.deepEqual(kind.read(String(value)), value, path);
    assert.ok(!kind.accepts(kind.read("")) || kind.type === "choice", path);
  }
});

test("the choices of a rule are the rows of its table", () => {
  const {scoreGradient, surrogate} = settings;
  assert.deepEqual([...scoreGradient.kind.choices!].sort(), Object.keys(scoreGradients).sort());
  assert.deepEqual([...surrogate.kind.choices!].sort(), Object.keys(surrogates).sort());
});

test("a masked layer alone has the usual values of a search", () => {
  const {selection, gainFactor, keepFraction: _, ...layer} = resolvedOptions({keepFraction: 0.5});
  assert.equal(selection, "layerwise");

  assert.equal(gainFactor, settingNamed("outputGain").absent);
  for (const [name, value] of Object.entries(layer)) {
    const {usual, absent} = settingNamed(name as SettingName);
    const expected = usual ?? absent;
    if (!isDepends(expected)) assert.equal(value, expected, name);
    else
      for (const method of ["biprop", "dense"] as const)
        assert.equal(
          resolvedOptions({method, keepFraction: 0.5})[name as "fan"],
          expected.on?.({method}),
          name,
        );
  }
});

test("a value of another type is refused in one line with what is valid, whatever the setting", () => {
  for (const {name, part, path, row} of rows) {
    // A schedule without milestones may say so.
    const empty = path === "schedule.milestones" ? [] : [[]];
    for (const wrong of ["0.2 ", Number.NaN, null, {}, ...empty, -1, Number.POSITIVE_INFINITY]) {
      const own =
        part === undefined
          ? wrong
          : {
              ...(searchSpec({arch: "conv2", keepFraction: 0.2, ramp: {epochs: 2, from: 0.5}})[
                name
              ] as object),
              [part]: wrong,
            };
      assert.throws(
        () => searchSpec({arch: "conv2", [name]: own} as never),
        (error: Error) => {
          assert.ok(error instanceof UserError && !error.message.includes("\n"), `${path}: ${error.stack}`);
          const valid = row.kind.choices?.[0] ?? row.kind.valid;
          assert.ok(error.message.includes(valid), `${path} ${wrong}: ${error.message}`);
          return true;
        },
        `${path} took ${String(wrong)}`,
      );
    }
  }
});

test("a search is made of an object that names an architecture", () => {
  assert.throws(
    () => searchSpec(null as never),
    /asked for by an object such as \{arch: "digits"\}; got null/,
  );
  assert.throws(() => searchSpec({} as never), /unknown architecture undefined; choose digits, conv2/);
  assert.throws(
    () => searchSpec({arch: "conv2", optimizer: {}} as never),
    /optimizer.name is missing: .* sgd, adam/,
  );
  assert.throws(
    () => searchSpec({arch: "conv2", optimizer: "sgd"} as never),
    /optimizer is an object of name, mom/,
  );
});

test("a mistyped word comes back with the nearest valid one", () => {
  const wrong: [object, RegExp][] = [
    [{gian: "one"}, /a spec has no "gian" \(did you mean gain\?\); it has arch, activation/],
    [{gain: "on"}, /unknown gain rule "on" \(did you mean one\?\); choose mean-kept/],
    [{arch: "Conv2"}, /unknown architecture "Conv2" \(did you mean conv2\?\)/],
    [{optimizer: {name: "sgd", momentun: 0.9}}, /optimizer has no "momentun" \(did you mean momentum\?\)/],
    [{keepFraction: "0.2"}, /keepFraction must be a share above 0 and at most 1, got "0.2"/],
    [{method: "tabula rasa"}, /unknown method "tabula rasa"; choose biprop/],
  ];
  for (const [given, message] of wrong) assert.throws(() => searchSpec({arch: "conv2", ...given}), message);
});

test("docs/settings.md says what the rows say: `npm run settings` writes it anew", () => {
  const page = join(__dirname, "..", "..", "docs", "settings.md");
  assert.equal(readFileSync(page, "utf8"), settingsPage());
});
