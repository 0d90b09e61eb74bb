import assert from "node:assert/strict";
import type {ParityCase} from "../../src/parity/caseFile";
import {compareCase} from "../../src/parity/compare";
import {replay} from "../../src/parity/replay";

/** Replays a case; the number of comparisons, all of which passed. */
export async function assertPasses(parity: ParityCase): Promise<number> {
  const comparisons = compareCase(parity, await replay(parity));
  for (const {quantity, where, error, allowed, pass} of comparisons) {
    assert.ok(pass, `${quantity}, ${where}: ${error} is more than ${allowed}`);
  }
  return comparisons.length;
}

/** The first steps of a case: enough for every quantity but the state after the last step. */
export function firstSteps(parity: ParityCase, steps: number): ParityCase {
  const {afterLast: _, ...expected} = parity.expected;
  return {...parity, steps, comparableSteps: Math.min(parity.comparableSteps, steps), expected};
}
