import assert from "node:assert/strict";
import {test} from "node:test";
import {type GainContext, type GainName, gainRuleNamed, gainRules} from "../../src/core/gain";
import {keepCount} from "../../src/core/mask";

// Eight numbers, three kept of them: 8 − trunc(0.7·8) = 3, but trunc(0.3·8) = 2.
const weights = Float32Array.of(1, -2, 3, -4, 5, -6, 7, -8);
const mask = Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 1);
const context: GainContext = {keepFraction: 0.3, fanIn: 5, selection: "layerwise"};

const byHand: [GainName, "layerwise" | "global", number][] = [
  ["mean-kept", "layerwise", (1 + 3 + 8) / 2],
  ["mean-kept", "global", (1 + 3 + 8) / 3],
  ["rms-kept", "layerwise", Math.sqrt((1 + 9 + 64) / 3)],
  ["rms-kept", "global", Math.sqrt((1 + 9 + 64) / 3)],
  ["mean-all", "layerwise", 4.5],
  ["one", "layerwise", 1],
  ["unit", "layerwise", Math.sqrt(2 / (0.3 * 5))],
];
for (const [rule, selection, expected] of byHand) {
  test(`gain ${rule}, ${selection}, of eight weights of which three are kept, is ${expected.toFixed(4)}`, () => {
    assert.equal(keepCount(8, 0.3), 3);
    const gain = gainRules[rule](weights, mask, {...context, selection});
    assert.ok(Math.abs(gain - expected) < 1e-12, `${gain}`);
  });
}

test("every gain rule is tested by hand", () => {
  assert.deepEqual(new Set(byHand.map(([rule]) => rule)), new Set(Object.keys(gainRules)));
});

test("a gain over no weights is an error, not the reference's NaN", () => {
  const none = {name: "RangeError", message: /leaves none of 8 weights to take the gain over/};
  const few = {...context, keepFraction: 0.1};
  assert.throws(() => gainRules["mean-kept"](weights, mask, few), none, "trunc(0.1·8) = 0");
  const empty = new Uint8Array(8);
  assert.throws(() => gainRules["mean-kept"](weights, empty, {...context, selection: "global"}), none);
  assert.throws(() => gainRules["rms-kept"](weights, empty, context), none);
});

test("an unknown gain rule is refused with the list; a function of the user's own is taken", () => {
  assert.throws(() => gainRuleNamed("max" as GainName), {
    name: "RangeError",
    message: new RegExp(`unknown gain rule "max"; choose ${Object.keys(gainRules).join(", ")}`),
  });
  assert.equal(gainRuleNamed(() => 7)(weights, mask, context), 7);
});
