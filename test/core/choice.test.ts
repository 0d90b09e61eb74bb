import assert from "node:assert/strict";
import {test} from "node:test";
import {closest, shownValue, unknownChoice} from "../../src/core/choice";

const words = ["gain", "fan", "keepFraction", "learningRate", "one"];

test("the nearest word is found through a slip, another case or two letters in the wrong order", () => {
  assert.equal(closest("gian", words), "gain");
  assert.equal(closest("keepfraction", words), "keepFraction");
  assert.equal(closest("learnigRate", words), "learningRate");
  assert.equal(closest("on", words), "one");
});

test("a word that is near none is told without a guess", () => {
  assert.equal(closest("tabula rasa", words), undefined);
  assert.equal(closest("", words), undefined);
  assert.equal(
    unknownChoice("knob", "tabula rasa", words),
    `unknown knob "tabula rasa"; choose ${words.join(", ")}`,
  );
});

test("a value in a message shows its type", () => {
  assert.deepEqual(["0.2", 0.2, null, undefined, Number.NaN, [1], () => 1].map(shownValue), [
    '"0.2"',
    "0.2",
    "null",
    "undefined",
    "NaN",
    "[1]",
    "a function",
  ]);
});
