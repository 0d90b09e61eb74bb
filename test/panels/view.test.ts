import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import type {Browser, Page} from "playwright-core";
import {style} from "../../src/explorables/frame/style";
import type {SideState} from "../../src/panels/panelState";
import {steerControls} from "../../src/panels/steerControls";
import {panelStyle} from "../../src/panels/style";
import {searchSpec} from "../../src/search/defaults";
import {lacksChromium, openChromium} from "../chromium";

const skip = lacksChromium;
const spec = searchSpec({arch: "digits"});
const side: SideState = {
  ...{title: "biprop on digits", controls: steerControls(spec), epochs: spec.epochs, batches: 63},
  ...{step: 7, epoch: 0, batch: 7, acts: {}, tests: [], layers: [], steered: false, says: ""},
};

/** A model as anywidget gives it, whose kernel is what JupyterLab's manager names; `panel` is drawn anew by `open`. */
const stage = `
const module = await import(URL.createObjectURL(new Blob([MODULE], {type: "text/javascript"})));
const signal = () => {
  const heard = new Set();
  return {heard, connect: hear => heard.add(hear), disconnect: hear => heard.delete(hear), emit: word => { for (const hear of [...heard]) hear(null, word); }};
};
window.open = ({status = "idle", disconnected = false, named = true, phase = "running"} = {}) => {
  const state = {phase, sides: 1, side0: SIDE, settings0: {learningRate: 0.1, keepFraction: 0.5, gain: "mean-kept", outputGain: 1}};
  for (const key of ["curve0", "filters0"]) state[key] = new DataView(new ArrayBuffer(0));
  const events = new Map();
  const kernel = {status, isDisposed: false, statusChanged: signal(), disposed: signal()};
  const model = {
    get: key => state[key], set() {}, save_changes() {}, send() {},
    on: (name, hear) => events.set(name, [...(events.get(name) ?? []), hear]),
    off: (name, hear) => events.set(name, (events.get(name) ?? []).filter(each => each !== hear)),
    widget_manager: named ? {kernel} : {},
  };
  document.body.replaceChildren(document.createElement("div"));
  const el = document.body.firstChild;
  if (disconnected) el.className = "jupyter-widgets-disconnected";
  const leave = module.default.render({model, el});
  const count = () => [...events.values()].flat().length + kernel.statusChanged.heard.size + kernel.disposed.heard.size;
  window.panel = {kernel, state, leave, count, trigger: name => { for (const hear of events.get(name) ?? []) hear(); }};
};`;

let browser: Browser;
let page: Page;

before(async () => {
  if (skip) return;
  browser = await openChromium();
  page = await browser.newPage();
  const text = readFileSync(join(__dirname, "../../dist/panels/view/search.mjs"), "utf8");
  const script = stage.replace("MODULE", () => JSON.stringify(text)).replace("SIDE", JSON.stringify(side));
  await page.evaluate(`(async () => {${script}})()`);
});

after(() => browser?.close());

/** What the panel shows two frames after `happens`, a script over `panel`. */
async function seen(happens: string, options = ""): Promise<{panel: string; says: string; off: boolean}> {
  return page.evaluate(`(async () => {
    open(${options});
    ${happens};
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    const el = document.body.firstChild;
    return {
      panel: el.dataset.panel,
      says: el.querySelector("[role=status]").textContent,
      off: [...el.querySelectorAll("input, select, button")].every(each => each.disabled),
    };
  })()`);
}

const dead = {panel: "dead", says: "The kernel is gone: run the cell again.", off: true};

test("whichever way its kernel goes, a panel says so and turns its controls off, and nothing that comes later covers it", {
  skip,
}, async () => {
  const alive = await seen('panel.trigger("change:side0")');
  assert.deepEqual({panel: alive.panel, off: alive.off}, {panel: "live", off: false});
  assert.match(alive.says, /Turn a knob/);
  assert.equal((await seen('panel.kernel.statusChanged.emit("busy")')).panel, "live");
  const ways = [
    'panel.trigger("comm_live_update")',
    ...["restarting", "autorestarting", "terminating", "dead"].map(
      status => `panel.kernel.statusChanged.emit("${status}")`,
    ),
    "panel.kernel.disposed.emit()",
  ];
  for (const way of ways) {
    assert.deepEqual(await seen(way), dead, way);
    assert.deepEqual(await seen(`panel.trigger("change:side0"); ${way}`), dead, `drawn a frame after ${way}`);
    assert.deepEqual(await seen(`${way}; panel.trigger("change:side0")`), dead, `changed after ${way}`);
  }
});

test("a panel that is drawn when its kernel has gone is dead from the start; a page that names no kernel has its panels live", {
  skip,
}, async () => {
  assert.deepEqual(await seen("", '{status: "dead"}'), dead);
  assert.deepEqual(await seen("", "{disconnected: true}"), dead);
  assert.equal((await seen("", "{named: false}")).panel, "live");
  assert.deepEqual(await seen('panel.trigger("comm_live_update")', "{named: false}"), dead);
});

test("a panel whose search has ended shows its last state, says so and is off, also to a page that is loaded later", {
  skip,
}, async () => {
  const says = "It has ended: run the cell again for another, or for a picture that is saved.";
  const end = 'panel.state.phase = "ended"; panel.trigger("change:phase")';
  assert.deepEqual(await seen(end), {panel: "ended", says, off: true});
  assert.deepEqual(await seen("", '{phase: "ended"}'), {panel: "ended", says, off: true});
  const steered = await seen(`panel.state.side0 = {...panel.state.side0, steered: true}; ${end}`);
  assert.match(steered.says, /^Steered by hand: this is no experiment.* It has ended/);
  assert.equal((await seen(`${end}; panel.kernel.disposed.emit()`)).panel, "ended");
  assert.deepEqual(await seen("", '{phase: "ended", status: "dead"}'), dead);
});

test("a panel that goes, has ended or is dead, listens to nothing", {skip}, async () => {
  const heard = (happens: string): Promise<number> =>
    page.evaluate(`(() => { open(); ${happens}; return panel.count(); })()`);
  assert.ok((await heard("")) > 4);
  assert.equal(await heard("panel.leave()"), 0);
  assert.equal(await heard('panel.trigger("comm_live_update")'), 0);
  assert.equal(await heard('panel.trigger("comm_live_update"); panel.leave()'), 0);
  assert.equal(await heard('panel.state.phase = "ended"; panel.trigger("change:phase")'), 0);
});

test("under each control stands what it does, so that nobody takes the last layer's factor for a gain of all", {
  skip,
}, async () => {
  const words = await page.evaluate(`(() => {
    open();
    return [...document.querySelectorAll(".multiprize-told")].map(box => [box.querySelector("input, select").name, box.querySelector("small").textContent]);
  })()`);
  assert.deepEqual(
    words,
    side.controls.map(({name, about}) => [name, about]),
  );
  assert.match(new Map(words as [string, string][]).get("outputGain")!, /last layer/);
});

test("on a phone as on a desk a control, its number and its words stand in their own place, and nothing hangs over", {
  skip,
}, async () => {
  for (const width of [290, 390, 620, 1400]) {
    await page.setViewportSize({width, height: 900});
    const wrong = await page.evaluate(`(() => {
      open();
      const sheet = document.createElement("style");
      sheet.textContent = ${JSON.stringify(`${style}\n${panelStyle}`)};
      document.body.append(sheet);
      const box = each => each.getBoundingClientRect();
      const found = [];
      for (const told of document.querySelectorAll(".multiprize-told")) {
        const control = told.querySelector("input, select"), number = told.querySelector("output");
        const [name, bottom] = [control.name, box(control).bottom];
        if (number && (box(number).top > bottom || box(number).left < box(control).right)) found.push(name + ": its number");
        if (box(told.querySelector("small")).top < bottom) found.push(name + ": its words");
        for (const each of told.querySelectorAll("*")) if (box(each).right > box(told).right + 0.5) found.push(name + ": over the edge");
      }
      const rows = Map.groupBy([...document.querySelectorAll(".multiprize-told")], each => box(each).top);
      const sizes = [...rows.values()].map(each => each.length);
      if (sizes.slice(0, -1).some(size => size !== sizes[0])) found.push("rows of " + sizes);
      return found;
    })()`);
    assert.deepEqual(wrong, [], `${width} pixels`);
  }
});
