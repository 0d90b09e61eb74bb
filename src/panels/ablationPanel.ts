import {ensureBackend} from "../backend/ensureBackend";
import {shownValue} from "../core/choice";
import {UserError} from "../core/errors";
import {loadDataset} from "../data/load";
import type {AblationSetting, Knob} from "../experiments/ablate";
import type {Cell} from "../experiments/define/experiment";
import {type Places, placesOf} from "../experiments/records/places";
import {provenance} from "../experiments/records/provenance";
import {findRecords} from "../experiments/run/findRecords";
import {runCells} from "../experiments/run/runCells";
import type {Found} from "../experiments/show/rows";
import {style} from "../explorables/frame/style";
import {currentScreen} from "../report/screen";
import {Interrupted, untilInterrupted} from "../search/interrupt";
import {Widget} from "../widgets/widget";
import {ablationPicture} from "./ablationPicture";
import {moduleText} from "./moduleText";
import {isPlain, knobRows, pairedCells, pairLines, valueFacts, valuesOf} from "./paired";
import type {AblationPanelState, AblationRequest} from "./panelState";
import {panelStyle} from "./style";

/** What a watched ablation begins with, and how far it goes. */
export interface AblationPanelOptions {
  /** The values to begin with; the first two other words of the knob unless given. A knob of numbers needs them. */
  readonly values?: readonly (string | number)[];
  /** What all searches share, over those of `ablate`; its seed is the first. */
  readonly setting?: AblationSetting;
  /** Seeds at most. */
  readonly seeds?: number;
  /** Where its records go; the project's cache unless given. */
  readonly places?: Places;
}

/**
 * An ablation that is watched: each value of a knob against the default with the same seed, on digits, seed after seed,
 * while a panel shows the paired differences grow and what can be said of them so far. Another knob and other values can
 * be chosen there. It ends when every value is told apart from the default over three seeds, after `seeds`, when it is
 * stopped, or when the kernel is interrupted. What was run is recorded as any experiment is, and found again: the cells
 * of the last choice with their records, for `effectsOf`, `accuracyFigure` and the rest. Without a backend in use, `auto`.
 * UserError for a knob or a value that there is not.
 */
export async function ablationPanel(knob: Knob, options: AblationPanelOptions = {}): Promise<Found[]> {
  const {setting = {}, seeds = 5, places = placesOf("smoke")} = options;
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > MOST_SEEDS)
    throw new UserError(`seeds must be a whole number from 1 to ${MOST_SEEDS}, got ${shownValue(seeds)}`);
  await ensureBackend();
  const digits = await loadDataset("mnist");
  const {values = usualWords(knob)} = options;
  if (!Array.isArray(values)) throw new UserError(`values must be a list, got ${shownValue(values)}`);
  let chosen = choice(knob, values.map(String));
  const live = new Map<string, number[]>();
  const over = new AbortController();
  let current = new AbortController();
  let again = false;
  let says = "";

  function choice(name: Knob, texts: readonly string[]): {knob: Knob; values: string[]; cells: Cell[]} {
    if (!knobRows.some(row => row.name === name))
      throw new UserError(
        `an ablation's panel turns ${knobRows.map(row => row.name).join(", ")}; got ${name}`,
      );
    const values = valuesOf(name, texts);
    if (values.length === 0) throw new UserError(`name a value of ${name} to hold against the default`);
    return {knob: name, values: values.map(String), cells: pairedCells(name, values, seeds, setting)};
  }
  const found = (): Found[] => findRecords(chosen.cells, places);
  const state = (phase: AblationPanelState["phase"]): AblationPanelState => {
    const records = found();
    const curves = new Map(
      records.map(({cell, record}) => [
        cell.id,
        record?.outcome === "done" ? record.epochs.map(each => each.testAccuracy) : live.get(cell.id),
      ]),
    );
    const lines = pairLines(chosen.cells, ({id}) => curves.get(id) ?? []);
    return {
      ...{phase, knobs: knobRows, knob: chosen.knob, values: chosen.values, says, lines},
      facts: valueFacts(chosen.knob, records),
    };
  };
  const panel = new Widget<AblationPanelState>({
    state: state("running"),
    module: moduleText("ablation.mjs"),
    style: `${style}\n${panelStyle}`,
    fallback: {"text/plain": "[an ablation that is watched: run this cell in JupyterLab]"},
    screen: currentScreen(),
  });
  const stop = (): void => {
    over.abort(new Interrupted());
    current.abort(new Interrupted());
  };
  panel.on("replaced", stop);
  panel.on("message", message => {
    const request = message as AblationRequest;
    if (request === "stop") return stop();
    try {
      chosen = choice(request.run.knob as Knob, request.run.values.map(String));
      again = true;
      current.abort(new Interrupted());
    } catch (error) {
      says = (error as Error).message;
      panel.set({says});
    }
  });

  const runOne = (cell: Cell, signal: AbortSignal): Promise<unknown> => {
    const curve: number[] = [];
    live.set(cell.id, curve);
    says = `${cell.label} …`;
    panel.set(state("running"));
    return runCells([cell], {
      // Whoever runs the cell again wants the search, not what ended it last time.
      ...{signal, places, provenance: provenance(), load: async () => digits, retry: true},
      onEpoch: ({testAccuracy}) => {
        curve.push(testAccuracy);
        panel.set(state("running"));
      },
      onOutcome: (_, outcome) => {
        if (outcome.outcome === "failed") throw new UserError(`${cell.label}: ${outcome.reason}`);
      },
    });
  };
  const runAll = async (): Promise<void> => {
    for (const cell of chosen.cells) {
      if (current.signal.aborted) return;
      await runOne(cell, current.signal).catch(error => {
        if (!current.signal.aborted) throw error;
      });
      if (isPlain(valueFacts(chosen.knob, found()))) return;
    }
  };
  try {
    await untilInterrupted(async signal => {
      signal.addEventListener("abort", stop);
      do {
        again = false;
        current = new AbortController();
        await runAll();
      } while (again && !over.signal.aborted);
    });
    return found().filter(({record}) => record !== undefined);
  } finally {
    const last = state("ended");
    // Said before the picture is drawn, which takes a second or more the first time.
    panel.set(last);
    panel.done(await ablationPicture(last));
  }
}

/** Far more than anybody watches. */
const MOST_SEEDS = 1000;

/** Two words beside the usual one. */
function usualWords(knob: Knob): readonly string[] {
  const row = knobRows.find(({name}) => name === knob);
  if (row?.choices === undefined)
    throw new UserError(`name the values of ${knob} to hold against the default: {values: [...]}`);
  return row.choices.slice(1, 3);
}
