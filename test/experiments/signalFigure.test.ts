import assert from "node:assert/strict";
import {test} from "node:test";
import {signalFigure} from "../../src/experiments/show/signalFigure";
import {expectedSignal, measuredSignal} from "../../src/plain/signal";

test("marks are what was measured, dotted lines the formula, in one colour a case", () => {
  const options = {keepFraction: 0.2, gain: "unit", depth: 3, units: 16, inputs: 2} as const;
  for (const quantity of ["signal", "step"] as const) {
    const {data} = signalFigure("through depth", [options], quantity);
    const [marks, line] = data as {y: number[]; mode: string; name: string; line: {color: string}}[];
    assert.deepEqual(
      [...marks.y],
      measuredSignal(options).map(layer => layer[quantity]),
    );
    assert.deepEqual(
      [...line.y],
      expectedSignal(options).map(layer => layer[quantity]),
    );
    assert.deepEqual([marks.mode, line.mode], ["markers", "lines"]);
    assert.deepEqual([marks.name, line.name], ["k 0.2, unit", "k 0.2, unit, formula"]);
    assert.equal(marks.line.color, line.line.color);
  }
});
