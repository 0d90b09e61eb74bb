import {ensureBackend} from "../backend/ensureBackend";
import {shownValue, suggestion} from "../core/choice";
import {UserError} from "../core/errors";
import type {Dataset} from "../data/dataset";
import {loadDataset} from "../data/load";
import type {Figure} from "../report/figure";
import {escapeHtml, figureHtml} from "../report/html";
import {onAnyPaper} from "../report/ink";
import {type LiveDisplay, liveDisplay} from "../report/live";
import {counted, signed} from "../report/numbers";
import {learningCurveFigure} from "../report/searchCurves";
import {showFigure} from "../report/show";
import {figureSvg} from "../report/static";
import {isAttended} from "../search/attended";
import {searchSpec} from "../search/defaults";
import {Diverged} from "../search/diverged";
import {Interrupted, untilInterrupted} from "../search/interrupt";
import type {EpochRecord} from "../search/position";
import {search} from "../search/search";
import {knobNames} from "../search/settings";
import type {Knobs, SearchSpec} from "../search/spec";
import {specId} from "./records/specId";

/** What can be changed against the default, a word each; anything else that both searches share is the setting. */
export type Knob = keyof Knobs;

/** What both searches share. */
export type AblationSetting = Partial<Omit<SearchSpec, "arch">>;

/** Half the width, 2,000 digits, 6 epochs: seconds a search on two cores. A fifth of the weights is kept. */
export const ablationSetting: AblationSetting = {
  width: 0.5,
  subset: 2000,
  epochs: 6,
  interimTestImages: 500,
  keepFraction: 0.2,
  seed: 0,
};

/** One search; accuracies in per cent, null where it diverged or was interrupted. */
export interface AblationRun {
  readonly spec: SearchSpec;
  readonly epochs: readonly EpochRecord[];
  readonly testAccuracy: number | null;
  /** An interrupt ended it after these epochs. */
  readonly interrupted?: true;
}

/** A search with one knob turned, beside the default. */
export interface Ablation {
  readonly changed: AblationRun;
  readonly default: AblationRun;
  /** Changed less default, in points of test accuracy; null where one diverged or was interrupted. */
  readonly difference: number | null;
}

/** How an ablation shows itself. */
export interface AblationOptions {
  readonly live?: LiveDisplay;
  /** false leaves out the figure. */
  readonly figure?: boolean;
}

/** Searches of this process, by what was asked: the default is searched once. */
const found = new Map<string, AblationRun>();

/**
 * `await ablate({gain: "one"})` searches digits twice, once as the reference does and once with the knobs turned, and
 * draws both curves while they grow. A search of this process is found again rather than repeated (unless a rule is a
 * function). `setting` changes both searches: `ablate({gain: "one"}, {keepFraction: 0.05, seed: 1})`.
 *
 * A surrogate acts on binary activations alone: with that knob both searches use them. One seed on digits decides
 * nothing: this is for looking. An interrupt in a notebook ends it with the curves so far. Throws UserError for a knob
 * there is none of, or a value that a spec refuses.
 */
export async function ablate(
  knobs: Partial<Knobs>,
  setting: AblationSetting = {},
  {live = liveDisplay(), figure: wanted = true}: AblationOptions = {},
): Promise<Ablation> {
  const specs = ablationSpecs(knobs, setting);
  await ensureBackend();
  const digits = await loadDataset("mnist");
  const curves: {name: string; epochs: readonly EpochRecord[]}[] = [];
  const draw = (): Figure => learningCurveFigure(curves, "Digits: the default, and one knob turned");
  const run = async (name: string, spec: SearchSpec): Promise<AblationRun> => {
    const epochs: EpochRecord[] = [];
    const at = curves.push({name, epochs}) - 1;
    const show = async (): Promise<void> => {
      const line = `${name}: epoch ${epochs.length} of ${spec.epochs}`;
      const svg = wanted && epochs.length > 0 ? await figureSvg(onAnyPaper(draw())) : undefined;
      live.html(`${svg ? figureHtml(draw(), undefined, svg) : ""}<p>${escapeHtml(line)} …</p>`, line);
    };
    await show();
    const done = await findOrSearch(spec, digits, async record => {
      epochs.push(record);
      await show();
    });
    curves[at] = {name, epochs: done.epochs};
    return done;
  };
  const plain = await run("default", specs.default);
  const same = keyOf(specs.default) !== undefined && keyOf(specs.default) === keyOf(specs.changed);
  const changed = same
    ? plain
    : plain.interrupted
      ? {spec: specs.changed, epochs: [], testAccuracy: null, interrupted: true as const}
      : await run(knobText(knobs), specs.changed);
  const difference =
    changed.testAccuracy === null || plain.testAccuracy === null
      ? null
      : changed.testAccuracy - plain.testAccuracy;
  live.text(same ? "this is the default" : summary(knobText(knobs), {changed, default: plain, difference}));
  live.done();
  if (wanted) await showFigure(draw());
  return {changed, default: plain, difference};
}

/** The two specs: equal but for the knobs. UserError, with the nearest name, for a knob that there is none of. */
export function ablationSpecs(
  knobs: Partial<Knobs>,
  setting: AblationSetting = {},
): {default: SearchSpec; changed: SearchSpec} {
  const foreign = Object.keys(knobs).find(key => !(knobNames as readonly string[]).includes(key));
  if (foreign !== undefined) {
    throw new UserError(
      `there is no knob "${foreign}"${suggestion(foreign, knobNames)}; turn ${knobNames.join(", ")}`,
    );
  }
  const {arch = "digits"} = setting as {readonly arch?: unknown};
  if (arch !== "digits")
    throw new UserError(`an ablation searches digits: leave arch ${shownValue(arch)} out, or use search`);
  const binary =
    knobs.surrogate !== undefined && knobs.activation === undefined ? ({activation: "sign"} as const) : {};
  const shared = {...ablationSetting, ...binary, ...setting, arch: "digits"} as const;
  return {default: searchSpec(shared), changed: searchSpec({...shared, ...knobs})};
}

async function findOrSearch(
  spec: SearchSpec,
  digits: Dataset,
  onEpoch: (record: EpochRecord) => Promise<void>,
): Promise<AblationRun> {
  const key = keyOf(spec);
  const known = key === undefined ? undefined : found.get(key);
  if (known) return known;
  const run = await searched(spec, digits, onEpoch);
  if (key !== undefined && !run.interrupted) found.set(key, run);
  return run;
}

async function searched(
  spec: SearchSpec,
  digits: Dataset,
  onEpoch: (record: EpochRecord) => Promise<void>,
): Promise<AblationRun> {
  const epochs: EpochRecord[] = [];
  let drawn: Promise<void> = Promise.resolve();
  const handler = (record: EpochRecord): void => {
    epochs.push(record);
    drawn = drawn.then(() => onEpoch(record));
  };
  try {
    const {network, testAccuracy} = await untilInterrupted(signal =>
      search(spec, digits, {signal, onEpoch: handler}),
    );
    network.model.dispose();
    return {spec, epochs, testAccuracy};
  } catch (error) {
    if (error instanceof Interrupted && isAttended({}))
      return {spec, epochs, testAccuracy: null, interrupted: true};
    if (!(error instanceof Diverged)) throw error;
    return {spec, epochs, testAccuracy: null};
  } finally {
    await drawn;
  }
}

/** undefined where a rule is a function: no name says what it does. */
function keyOf(spec: SearchSpec): string | undefined {
  const own = Object.values(spec).some(value => typeof value === "function");
  return own ? undefined : specId({dataset: "mnist", spec});
}

/** `gain one, scores normal`; "default" where no knob is turned. */
function knobText(knobs: Partial<Knobs>): string {
  const text = (value: unknown): string =>
    typeof value === "function" ? "your own" : typeof value === "object" ? JSON.stringify(value) : `${value}`;
  const parts = Object.entries(knobs).map(([key, value]) => `${key} ${text(value)}`);
  return parts.join(", ") || "default";
}

function summary(name: string, {changed, default: plain, difference}: Ablation): string {
  const percent = (run: AblationRun): string =>
    run.interrupted
      ? `interrupted after ${counted(run.epochs.length, "epoch")}`
      : run.testAccuracy === null
        ? "diverged"
        : `${run.testAccuracy.toFixed(1)} %`;
  const points = difference === null ? "" : ` · ${signed(difference)} points`;
  return `${name}: ${percent(changed)} · default: ${percent(plain)}${points} (one seed: no verdict)`;
}
