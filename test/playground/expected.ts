import assert from "node:assert/strict";
import {
  defaultSettings,
  type Settings,
  type StepChange,
  startPlayground,
  stepPlayground,
} from "../../src/playground/playground";

/** Step and loss that the library comes to, from its default settings but for those given. */
export function search(given: Partial<Settings>, steps: number): [number, number] {
  const playground = startPlayground({...defaultSettings, ...given});
  for (let step = 0; step < steps; step++) stepPlayground(playground);
  return [playground.losses.length - 1, playground.losses.at(-1)!];
}

/** What the library's last step promised and did, from the default settings. */
export function lastChange(steps: number): StepChange {
  const playground = startPlayground(defaultSettings);
  for (let step = 0; step < steps; step++) stepPlayground(playground);
  return playground.changes.at(-1)!;
}

/** A page's step and loss are the library's. */
export function close(found: readonly (number | undefined)[], expected: [number, number]): void {
  assert.equal(found[0], expected[0]);
  assert.ok(Math.abs(found[1]! - expected[1]) < 1e-9, `page ${found}, library ${expected}`);
}
