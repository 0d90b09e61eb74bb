import assert from "node:assert/strict";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {type AblationSetting, ablate, ablationSpecs} from "../../src/experiments/ablate";
import {liveDisplay} from "../../src/report/live";
import {terminal} from "../../src/report/screen";
import {knobNames} from "../../src/search/settings";

const small: AblationSetting = {width: 0.25, subset: 128, epochs: 1, batchSize: 32};

function shown(): {text: string[]; options: {live: ReturnType<typeof liveDisplay>; figure: false}} {
  const text: string[] = [];
  const screen = terminal(line => void text.push(line.trim()));
  return {text, options: {live: liveDisplay({screen, minIntervalMs: 0}), figure: false}};
}

test("the two searches differ in the knobs alone", () => {
  const {default: plain, changed} = ablationSpecs({gain: "one", fan: "kept"}, {seed: 3});
  assert.deepEqual({...changed, gain: plain.gain, fan: plain.fan}, plain);
  assert.equal(plain.seed, 3);
  assert.deepEqual([changed.gain, changed.fan], ["one", "kept"]);
});

test("a surrogate is tried on binary activations, in both searches", () => {
  const {default: plain, changed} = ablationSpecs({surrogate: "tanh"});
  assert.deepEqual([plain.activation, changed.activation], ["sign", "sign"]);
});

test("a knob that there is none of is refused with those there are, a value with its choices", () => {
  assert.throws(
    () => ablationSpecs({gian: "one"} as object),
    (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.equal(
        error.message,
        `there is no knob "gian" (did you mean gain?); turn ${knobNames.join(", ")}`,
      );
      return true;
    },
  );
  assert.throws(() => ablationSpecs({gain: "two" as "one"}), /unknown gain rule "two".*; choose mean-kept/);
  assert.throws(
    () => ablationSpecs({}, {width: 1, sead: 1} as object),
    /a spec has no "sead" \(did you mean seed\?\); it has arch/,
  );
});

test("ablate searches both, finds the default again, and says what came out", async () => {
  const first = shown();
  const one = await ablate({gain: "one"}, small, first.options);
  assert.equal(one.changed.epochs.length, 1);
  assert.equal(one.difference, one.changed.testAccuracy! - one.default.testAccuracy!);
  assert.match(
    first.text.at(-1)!,
    /^gain one: [\d.]+ % · default: [\d.]+ % · [+−][\d.]+ points \(one seed: no verdict\)$/,
  );
  const second = shown();
  const normal = await ablate({scores: "normal"}, small, second.options);
  assert.equal(normal.default, one.default, "the default was searched anew");
  const nothing = await ablate({}, small, shown().options);
  assert.equal(nothing.changed, one.default);
  assert.equal(nothing.difference, 0);
  const own = await ablate({gain: () => 0.1}, small, shown().options);
  assert.notEqual(own.changed, (await ablate({gain: () => 0.1}, small, shown().options)).changed);
});

test("a search that diverges has no accuracy, and no difference", async () => {
  const {text, options} = shown();
  const {changed, difference} = await ablate({learningRate: 1e38}, small, options);
  assert.equal(changed.testAccuracy, null);
  assert.equal(difference, null);
  assert.match(text.at(-1)!, /diverged/);
});
