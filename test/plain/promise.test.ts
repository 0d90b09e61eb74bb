import assert from "node:assert/strict";
import {test} from "node:test";
import {median} from "../../src/core/statistics";
import {revolvingDoor} from "../../src/plain/combinations";
import {maskLoss, walkMasks, wedgeToy} from "../../src/plain/maskWalk";
import {rankedSearches, type SwappingStep, swappingSteps, wideToy, wideWalk} from "../../src/plain/promise";

const walksOf = (hidden: number, searches: number, steps: number): SwappingStep[] =>
  Array.from({length: searches}, (_, seed) =>
    swappingSteps(wideWalk({hidden, seed, relativeRate: 0.001, steps})),
  ).flat();
const risen = (steps: {change: number}[]): number =>
  steps.filter(({change}) => change > 0).length / steps.length;
const kept = (steps: {change: number; promised: number}[]): number =>
  median(steps.map(({change, promised}) => change / promised));

test("a wide layer keeps its promise where a narrow one breaks it", () => {
  const [narrow, wide] = [walksOf(32, 6, 60), walksOf(256, 1, 15)];
  assert.ok(narrow.length > 50 && wide.length > 10, `${narrow.length} and ${wide.length} steps`);
  assert.ok(risen(narrow) > 0.1 && risen(wide) === 0, `${risen(narrow)} and ${risen(wide)}`);
  assert.ok(kept(narrow) < 0.7 && kept(wide) > 0.8, `${kept(narrow)} and ${kept(wide)}`);
  for (const {promised, crossed} of [...narrow, ...wide]) assert.ok(crossed || promised <= 1e-6);
});

test("the change of a swapping step is the difference of two losses, and steps without swaps are left out", () => {
  const walk = wideWalk({hidden: 8, seed: 1, relativeRate: 0.01, steps: 30});
  const steps = swappingSteps(walk);
  assert.ok(steps.length > 0 && steps.length < 30);
  const rise = steps.reduce((sum, {change}) => sum + change, 0);
  assert.ok(Math.abs(rise - (walk[30].loss - walk[0].loss)) < 1e-12, "the loss moves by swaps alone");
});

test("in a wide toy the gain of a layer is the size of its weights, √(2/(k·fan))", () => {
  const {weights} = wideToy({hidden: 32, seed: 0});
  assert.ok(weights[1].every(w => Math.abs(Math.abs(w) - Math.sqrt(2 / 16)) < 1e-6));
});

test("a search is ranked among all masks by their losses", () => {
  const toy = wedgeToy({seed: 2, points: 16, hidden: 2});
  const masks = revolvingDoor(4, 2);
  const losses = masks.flatMap(a => masks.map(b => maskLoss(toy, [a, b])));
  const better = (loss: number): number =>
    (100 * losses.filter(other => other < loss - 1e-9).length) / losses.length;
  const options = {learningRate: 0.3, steps: 30};
  const ranks = rankedSearches(toy, masks, {searches: 6, ...options});
  const walks = ranks.map((_, seed) => walkMasks(toy, {...options, seed}));
  assert.deepEqual(
    ranks,
    walks.map(walk => ({start: better(walk[0].loss), end: better(walk[30].loss)})),
  );
  assert.ok(ranks.some(({start, end}) => start !== end));
});
