import assert from "node:assert/strict";
import {test} from "node:test";
import {cellsOf} from "../../src/experiments/define/experiment";
import {experimentNamed} from "../../src/experiments/define/experiments";
import {firstMove, moveFigure} from "../../src/experiments/show/moveFigure";
import {someRecord} from "./someRecord";

const cells = cellsOf(experimentNamed("slim-optimiser"), "laptop").filter(({spec}) => spec.seed === 0);
const place = (curve: string, x: string) => cells.find(cell => cell.curve === curve && cell.x === x)!;
/** Of one layer whose r is 0.01. */
const of = (curve: string, x: string, testAccuracy: number) => ({
  cell: place(curve, x),
  record: someRecord(place(curve, x).spec, {testAccuracy}),
});

test("a mark stands at η·r and at what was reached; Adam, the unnamed and what was not run are left out", () => {
  const found = [
    of("learning rate", "0.3", 30),
    of("learning rate", "0.01", 10.5),
    of("relative rate", "0.001", 31),
    of("optimiser", "Adam 0.01", 32),
    of("momentum", "0", 33),
    {cell: place("learning rate", "1")},
  ];
  const named = ["learning rate", "relative rate", "optimiser"];
  const {data} = moveFigure("moves", found, ({cell}) => named.find(curve => curve === cell.curve));
  const drawn = (data as {name: string; x: (number | null)[]; y: (number | null)[]}[]).filter(
    line => line.x[0] !== null,
  );
  assert.deepEqual(
    drawn.map(({name, x, y}) => ({name, x: x.map(each => Number(each!.toPrecision(6))), y})),
    [
      {name: "learning rate", x: [0.0001, 0.003], y: [10.5, 30]},
      {name: "relative rate", x: [0.001], y: [31]},
    ],
  );
});

test("firstMove is the learning rate times the geometric mean of the layers' r, or a relative rate itself", () => {
  const [layer] = someRecord({arch: "conv2"}).layers;
  const layers = [0.01, 0.0001].map(scoreStep => ({...layer, scoreStep}));
  const move = (given: object): number | undefined => {
    const record = someRecord({arch: "conv2", learningRate: 0.5, ...given}, {layers});
    return firstMove({cell: {...cells[0], spec: record.spec}, record});
  };
  assert.ok(Math.abs(move({})! - 0.0005) < 1e-12);
  assert.equal(move({scoreRate: "relative"}), 0.5);
});
