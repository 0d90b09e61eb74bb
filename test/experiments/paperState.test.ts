import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {cellsOf} from "../../src/experiments/define/experiment";
import {experimentNamed} from "../../src/experiments/define/experiments";
import {paperItems} from "../../src/experiments/definitions/paper";
import {paperRows} from "../../src/experiments/show/paperState";
import {root} from "../../src/system/root";
import {someRecord} from "./someRecord";

test("every item of the paper has a notebook that is there, and experiments that exist", () => {
  for (const {item, notebooks, experiments} of paperItems) {
    assert.ok(notebooks.length > 0, item);
    for (const name of notebooks) assert.ok(existsSync(join(root, "notebooks", `${name}.ipynb`)), name);
    for (const name of experiments) experimentNamed(name);
  }
});

test("paperRows counts the recorded cells of each preset, the longest first, and says not run where there is none", () => {
  const at = (state: string, named: string): string | undefined =>
    state.split("; ").find(part => part.startsWith(named));
  const ofDepth = paperItems.findIndex(({experiments}) => experiments[0] === "depth");
  assert.equal(paperRows([])[ofDepth].state, "not run");
  const [laptop, night] = (["laptop", "night"] as const).map(
    preset => cellsOf(experimentNamed("depth"), preset)[0],
  );
  const {state} = paperRows([someRecord(laptop.spec), someRecord(night.spec)])[ofDepth];
  assert.match(at(state, "night")!, /^night: 1 of \d+ cells$/);
  assert.match(at(state, "laptop")!, /^laptop: 1 of \d+ cells$/);
  assert.ok(state.indexOf("night") < state.indexOf("laptop"));
});
