import assert from "node:assert/strict";
import {test} from "node:test";
import {Curve} from "../../src/panels/curve";
import {keptByFilter} from "../../src/panels/layerFacts";
import {Pace, type Word} from "../../src/panels/pace";
import {steerControls} from "../../src/panels/steerControls";
import {searchSpec} from "../../src/search/defaults";
import {settings} from "../../src/search/settings";
import {split} from "../../src/widgets/binary";

test("of two searches none begins a step before the other has done its own; paused, they take one at a time", async () => {
  const pace = new Pace(2);
  const said: string[] = [];
  const search = async (name: string, steps: number): Promise<void> => {
    for (let i = 0; i < steps; i++) {
      const word: Word = await pace.turn();
      if (word === "step") said.push(`${name}${i}`);
      else i--;
    }
    pace.leave();
  };
  const both = Promise.all([search("a", 3), search("b", 5)]);
  await new Promise(setImmediate);
  assert.deepEqual(said, ["a0", "b0", "a1", "b1", "a2", "b2", "b3", "b4"]);
  await both;

  const paused = new Pace(1);
  paused.pause();
  const words: Word[] = [];
  const one = (async () => {
    for (let i = 0; i < 4; i++) words.push(await paused.turn());
  })();
  await new Promise(setImmediate);
  assert.deepEqual(words, []);
  paused.look();
  await new Promise(setImmediate);
  paused.step();
  await new Promise(setImmediate);
  assert.deepEqual(words, ["look", "step"]);
  paused.go();
  await one;
  assert.deepEqual(words, ["look", "step", "step", "step"]);
});

test("a curve keeps its mean whatever its length, in at most 300 points, and forgets what was gone back over", () => {
  const curve = new Curve();
  for (let step = 1; step <= 4096; step++) curve.add(step, step % 7, 100 * (step % 2));
  const values = curve.values();
  assert.ok(values.length / 3 <= 300 && values.length / 3 > 100);
  assert.equal(values.at(-3), 4096);
  curve.back(1000);
  assert.ok(curve.values().at(-3)! <= 1000);
});

test("a filter's kept weights are those of its own last index", () => {
  assert.deepEqual([...keptByFilter(Uint8Array.of(1, 0, 1, 1, 0, 1), 3)], [2, 0, 2]);
});

test("controls are the rows of the settings, without what this search cannot turn", () => {
  const [rate, share, gain, factor] = steerControls(searchSpec({arch: "digits"}));
  assert.equal(rate.about, settings.learningRate.about);
  assert.deepEqual(share.slider, settings.keepFraction.kind.slider);
  assert.deepEqual(
    gain.choices,
    settings.gain.kind.choices?.filter(each => each !== "learned"),
  );
  assert.deepEqual(factor.slider, settings.outputGain.kind.slider);
  const names = (given: object): string[] =>
    steerControls(searchSpec({arch: "digits", ...given})).map(({name}) => name);
  assert.deepEqual(names({method: "dense"}), ["learningRate"]);
  assert.deepEqual(names({method: "edge-popup"}), ["learningRate", "keepFraction"]);
  assert.deepEqual(names({gain: "learned"}), ["learningRate", "keepFraction", "outputGain"]);
});

test("binary values leave a state with their places, and nothing else does", () => {
  const bytes = Uint8Array.of(1, 2);
  const {state, buffer_paths, buffers} = split({a: 1, b: bytes, c: {d: bytes, e: [1]}, f: null});
  assert.deepEqual(state, {a: 1, c: {e: [1]}, f: null});
  assert.deepEqual(buffer_paths, [["b"], ["c", "d"]]);
  assert.deepEqual(buffers, [bytes, bytes]);
});
