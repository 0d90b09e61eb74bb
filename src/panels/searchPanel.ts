import {isDeepStrictEqual} from "node:util";
import {shownValue} from "../core/choice";
import {UserError} from "../core/errors";
import {loadDataset} from "../data/load";
import {type Pictures, sourceOf} from "../data/source";
import {style} from "../explorables/frame/style";
import {architectures} from "../network/architectures";
import {currentScreen} from "../report/screen";
import {changed} from "../search/changed";
import {type Given, searchSpec} from "../search/defaults";
import {untilInterrupted} from "../search/interrupt";
import type {SearchSpec} from "../search/spec";
import {Widget} from "../widgets/widget";
import {moduleText} from "./moduleText";
import {Pace} from "./pace";
import {type Command, commands, type SearchPanelState, type Settings} from "./panelState";
import {panelPicture} from "./picture";
import {type PanelSearch, SteeredSearch} from "./steeredSearch";
import {panelStyle} from "./style";

/** What a panel runs besides its spec. */
export interface SearchPanelOptions {
  /** A second search beside it: the same spec and seeds but for these settings, by name or path (`optimizer.momentum`). */
  readonly against?: Readonly<Record<string, unknown>>;
  /** What is searched on; the architecture's own data unless given, from the folder in MULTIPRIZE_DATA if it needs one. */
  readonly pictures?: Pictures;
}

/**
 * A search with its knobs in hand: it runs in the kernel, and a panel under the cell shows loss and accuracy, and of each
 * layer the share kept by filter, the gain, how much of its mask is new, and r. Learning rate, share kept, gain and its
 * factor act from the next step on; pause it, take single steps, go back to where the epoch began, stop. With `against`
 * two searches run beside each other, step for step, with the same seeds: `searchPanel({arch: "digits"}, {against: {gain:
 * "unit"}})`.
 *
 * It ends with its last epoch, when it is stopped, or when the kernel is interrupted; then a still picture takes the
 * panel's place. A search that was steered is no experiment: no record takes its result, and it has no checkpoint. A
 * backend must be in use. UserError for a spec that is none, and for one against it that is the same.
 */
export async function searchPanel(given: Given, options: SearchPanelOptions = {}): Promise<PanelSearch[]> {
  const specs = specsOf(given, options);
  const pictures = sourceOf(options.pictures ?? (await picturesOf(specs[0][1])));
  const stop = new AbortController();
  const pace = new Pace(specs.length);
  const sides = specs.map(([title, spec]) => new SteeredSearch(title, spec, pace, show));
  let phase: SearchPanelState["phase"] = "running";
  const panel = new Widget<SearchPanelState>({
    state: state(),
    module: moduleText("search.mjs"),
    style: `${style}\n${panelStyle}`,
    fallback: {"text/plain": "[a search with its knobs in hand: run this cell in JupyterLab]"},
    screen: currentScreen(),
  });
  panel.on("message", message => obey(message as Command));
  panel.on("replaced", end);
  for (const [i, side] of sides.entries())
    panel.on(`settings${i as 0 | 1}`, wanted => {
      side.wanted = known(wanted, side.wanted);
      pace.look();
    });

  function state(): SearchPanelState {
    const [first, second] = sides;
    return {
      phase,
      sides: sides.length,
      side0: first.state(),
      side1: second?.state() ?? null,
      settings0: first.wanted,
      settings1: second?.wanted ?? {},
      curve0: first.curve.values(),
      curve1: second?.curve.values() ?? new Float32Array(),
      filters0: first.watch.filters,
      filters1: second?.watch.filters ?? new Uint8Array(),
    };
  }

  function show(side: SteeredSearch): void {
    const i = sides.indexOf(side) as 0 | 1;
    panel.set({
      phase,
      [`side${i}`]: side.state(),
      [`curve${i}`]: side.curve.values(),
      [`filters${i}`]: side.watch.filters,
      ...(side.refused && {[`settings${i}`]: side.wanted}),
    });
    side.refused = false;
  }

  function obey(command: Command): void {
    if (!commands.includes(command)) return;
    if (command === "stop") end();
    else if (command === "back") {
      for (const side of sides) side.wantsBack = true;
      pace.look();
    } else {
      pace[command]();
      phase = pace.paused ? "paused" : "running";
      panel.set({phase});
    }
  }

  function end(): void {
    stop.abort();
    pace.stop();
  }

  try {
    await untilInterrupted(async signal => {
      signal.addEventListener("abort", end);
      await Promise.all(sides.map(side => side.run(pictures, stop.signal)));
    });
    return sides.map(side => side.outcome());
  } finally {
    end();
    // Said before the picture is drawn, which takes a second or more the first time.
    phase = "ended";
    panel.set({phase});
    panel.done(await panelPicture(sides.map(side => ({state: side.state(), curve: side.curve.values()}))));
  }
}

/** The searches by their titles: the one asked for, and the one against it. */
function specsOf(given: Given, {against}: SearchPanelOptions): [string, SearchSpec][] {
  const spec = searchSpec(given);
  if (against === undefined) return [[`${spec.method} on ${spec.arch}`, spec]];
  if (typeof against !== "object" || against === null || Array.isArray(against))
    throw new UserError(`against must be an object such as {gain: "unit"}; got ${shownValue(against)}`);
  const other = changed(given, against);
  if (isDeepStrictEqual(spec, other))
    throw new UserError(`against ${shownValue(against)} changes nothing: both searches would be one`);
  const words = Object.entries(against).map(([name, value]) => `${name} ${shown(value)}`);
  return [
    ["reference", spec],
    [words.join(", "), other],
  ];
}

function shown(value: unknown): string {
  if (typeof value === "function") return "your own";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function picturesOf({arch}: SearchSpec): Promise<Pictures> {
  const {dataset} = architectures[arch];
  return loadDataset(dataset as string, {directory: process.env.MULTIPRIZE_DATA});
}

/** What the page wants of the controls that there are; anything else that it says is not heard. */
function known(wanted: unknown, before: Settings): Settings {
  const given = (wanted ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(before).map(([name, value]) => [
      name,
      typeof given[name] === typeof value ? (given[name] as number | string) : value,
    ]),
  );
}
