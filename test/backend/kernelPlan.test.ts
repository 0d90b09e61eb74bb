import assert from "node:assert/strict";
import {test} from "node:test";
import {fastestOf, KernelChoices} from "../../src/backend/kernelPlan";
import {UserError} from "../../src/core/errors";

/** Forms that take the given times one after another, on a clock of their own. */
function timed(times: Record<string, number[]>): {
  forms: Record<string, () => void>;
  now: () => number;
  runs: Record<string, number>;
} {
  let clock = 0;
  const runs: Record<string, number> = {};
  const forms = Object.fromEntries(
    Object.entries(times).map(([name, each]): [string, () => void] => [
      name,
      () => {
        const run = runs[name] ?? 0;
        clock += each[Math.min(run, each.length - 1)];
        runs[name] = run + 1;
      },
    ]),
  );
  return {forms, now: () => clock, runs};
}

test("the form with the least time in its best run is the fastest", () => {
  const {forms, now} = timed({plain: [10, 9, 9], first: [50, 7, 8], second: [8, 8, 6]});
  assert.equal(fastestOf(forms, now), "second");
});

test("the plain form stays unless another takes less than 9/10 of its time", () => {
  for (const [other, expected] of [
    [9.1, "plain"],
    [8.9, "other"],
  ] as const) {
    const {forms, now} = timed({plain: [10], other: [other]});
    assert.equal(fastestOf(forms, now), expected);
  }
});

test("a form far behind after two runs is not run a third time", () => {
  const {forms, now, runs} = timed({plain: [10], fast: [5]});
  fastestOf(forms, now);
  assert.deepEqual(runs, {plain: 2, fast: 3});
});

test("a shape is measured once, and later choices in the process repeat it", () => {
  let runs = 0;
  const forms = {plain: () => void runs++, other: () => void runs++};
  const choices = new KernelChoices();
  const chosen = choices.choose("once", forms);
  const after = runs;
  assert.ok(after > 0);
  assert.equal(choices.choose("once", forms), chosen);
  const next = new KernelChoices();
  assert.equal(next.choose("once", forms), chosen);
  assert.equal(runs, after);
  assert.deepEqual(next.plan(), {once: chosen});
});

test("a plan that is given is followed unmeasured, and told again", () => {
  const never = (): void => assert.fail("measured");
  const choices = new KernelChoices({shape: "other", unmet: "plain"});
  assert.equal(choices.choose("shape", {plain: never, other: never}), "other");
  assert.deepEqual(choices.plan(), {shape: "other", unmet: "plain"});
});

test("a plan with a form that does not exist is refused with those that do", () => {
  const choices = new KernelChoices({shape: "float8"});
  assert.throws(
    () => choices.choose("shape", {plain: () => {}, other: () => {}}),
    (error: unknown) =>
      error instanceof UserError && /"float8" for shape; choose plain, other/.test(error.message),
  );
});
