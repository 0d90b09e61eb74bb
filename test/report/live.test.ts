import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {type Clock, liveDisplay} from "../../src/report/live";
import type {Bundle, Screen} from "../../src/report/screen";

/** A clock that moves only when told, and a screen that remembers. */
function bench(kind: Screen["kind"]) {
  let now = 0;
  let timer: {at: number; action: () => void} | undefined;
  const shown: {at: number; bundle: Bundle; id?: string}[] = [];
  const clock: Clock = {
    now: () => now,
    later(action, milliseconds) {
      timer = {at: now + milliseconds, action};
      return () => {
        timer = undefined;
      };
    },
  };
  const screen: Screen = {kind, show: (bundle, id) => shown.push({at: now, bundle, id})};
  function advance(milliseconds: number): void {
    const end = now + milliseconds;
    if (timer && timer.at <= end) {
      now = timer.at;
      const {action} = timer;
      timer = undefined;
      action();
    }
    now = end;
  }
  return {clock, screen, shown, advance};
}

test("updates reach the screen no closer than the interval, and the last one always does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({min: 0, max: 250}), {minLength: 1, maxLength: 60}), waits => {
      const {clock, screen, shown, advance} = bench("notebook");
      const live = liveDisplay({clock, screen});
      waits.forEach((wait, i) => {
        live.text(`${i}`);
        advance(wait);
      });
      advance(100);
      assert.equal(shown.at(-1)?.bundle["text/plain"], `${waits.length - 1}`);
      for (let i = 1; i < shown.length; i++) assert.ok(shown[i]!.at - shown[i - 1]!.at >= 100);
    }),
  );
});

test("the first update is shown at once, done shows the last at once, and nothing follows it", () => {
  const {clock, screen, shown, advance} = bench("notebook");
  const live = liveDisplay({clock, screen});
  live.text("first");
  live.text("second");
  live.html("<b>last</b>", "last");
  assert.equal(shown.length, 1);
  live.done();
  live.text("too late");
  advance(1000);
  assert.deepEqual(
    shown.map(({bundle}) => bundle),
    [{"text/plain": "first"}, {"text/html": "<b>last</b>", "text/plain": "last"}],
  );
});

test("all updates of one display carry one id, another display another", () => {
  const {clock, screen, shown, advance} = bench("notebook");
  const [a, b] = [liveDisplay({clock, screen}), liveDisplay({clock, screen})];
  a.text("1");
  b.text("2");
  advance(200);
  a.text("3");
  assert.equal(shown[0]?.id, shown[2]?.id);
  assert.notEqual(shown[0]?.id, shown[1]?.id);
});

test("a terminal shows text, and of HTML only the text given with it", () => {
  const {clock, screen, shown, advance} = bench("terminal");
  const live = liveDisplay({clock, screen});
  live.html("<b>1</b>");
  live.html("<b>2</b>", "two");
  advance(200);
  assert.deepEqual(
    shown.map(({bundle}) => bundle),
    [{"text/plain": "two"}],
  );
});
