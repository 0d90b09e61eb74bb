import {UserError} from "../core/errors";
import {type AblationSetting, ablationSpecs, type Knob} from "../experiments/ablate";
import {type Cell, cellsOf, type Setting} from "../experiments/define/experiment";
import {effectsOf, effectText} from "../experiments/show/effects";
import {type Found, resultRow} from "../experiments/show/rows";
import {checkSetting} from "../search/checkSettings";
import {knobNames, settingNamed} from "../search/settings";
import type {AnyRow} from "../search/settings/row";
import type {KnobRow, PairLine, ValueFacts} from "./panelState";

/** The curve of the search that all others of its seed stand beside. */
export const DEFAULT = "default";

/** Knobs of one value each: what consists of parts is turned in a spec. */
export const knobRows: readonly KnobRow[] = knobNames.flatMap(name => {
  const row = settingNamed(name);
  if ("parts" in row) return [];
  const {about, kind} = row as AnyRow;
  return [{name, about, valid: kind.valid, ...(kind.choices && {choices: kind.choices})}];
});

/** Values as they are typed or chosen, each once. UserError for one that the knob does not take. */
export function valuesOf(knob: Knob, texts: readonly string[]): unknown[] {
  const {kind} = settingNamed(knob) as AnyRow;
  const values = texts.map(text => {
    const value = kind.read(text);
    checkSetting(knob, Number.isNaN(value) ? text : value);
    return value;
  });
  return [...new Set(values)];
}

/**
 * The cells of an ablation, seed by seed from the setting's own: the default, then every value with the same seed.
 * UserError for a value that is the default itself, which would be held against itself.
 */
export function pairedCells(
  knob: Knob,
  values: readonly unknown[],
  seeds: number,
  setting: AblationSetting,
): Cell[] {
  const {seed: from = 0} = setting;
  const settings = Array.from({length: seeds}, (_, i) => from + i).flatMap(seed => {
    const specOf = (value: unknown): Setting["given"] =>
      ablationSpecs({[knob]: value}, {...setting, seed}).changed;
    // A surrogate acts on signs alone, so its default is a network of signs too.
    const {default: plain} = ablationSpecs({[knob]: values[0]}, {...setting, seed});
    const at = (x: string, given: Setting["given"]): Setting => ({
      ...{curve: knob, x, label: `${knob} ${x}, seed ${seed}`, given, seeds: [seed], dataset: "mnist"},
    });
    return [at(DEFAULT, plain), ...values.map(value => at(`${value}`, specOf(value)))];
  });
  const title = `Digits: ${knob} against the default`;
  // A file of one's own is run as it is written, whatever the preset.
  const cells = cellsOf(
    {name: `panel-${knob}`, title, question: "", x: knob, settings, file: "a panel"},
    "laptop",
  );
  const plain = new Set(cells.filter(({x}) => x === DEFAULT).map(({id}) => id));
  const turned = cells.filter(({x}) => x !== DEFAULT);
  const idle = (settingNamed(knob) as AnyRow).idle?.find(({when}) => turned.every(({spec}) => when(spec)));
  if (idle !== undefined) throw new UserError(`${knob} has no effect here: ${idle.because}`);
  const same = turned.find(({id}) => plain.has(id));
  if (same !== undefined)
    throw new UserError(`${knob} ${same.x} is the default here: name values other than it`);
  return cells;
}

/** Accuracies by epoch of a cell: of its record, or of the search that runs. */
export type CurveOf = (cell: Cell) => readonly number[];

export function pairLines(cells: readonly Cell[], curveOf: CurveOf): PairLine[] {
  return cells.flatMap(cell => {
    if (cell.x === DEFAULT) return [];
    const base = cells.find(each => each.x === DEFAULT && each.spec.seed === cell.spec.seed);
    const [own, plain] = [curveOf(cell), base ? curveOf(base) : []];
    const differences = own.slice(0, plain.length).map((accuracy, i) => accuracy - plain[i]);
    return differences.length > 0 ? [{value: `${cell.x}`, seed: cell.spec.seed, differences}] : [];
  });
}

export function valueFacts(knob: Knob, found: readonly Found[]): ValueFacts[] {
  const rows = found.map(resultRow);
  const values = [...new Set(rows.map(({x}) => `${x}`))].filter(x => x !== DEFAULT);
  const done = rows.some(({x, testAccuracy}) => x === DEFAULT && testAccuracy !== null);
  const effects = done ? effectsOf(rows, [knob, DEFAULT]) : [];
  return values.map(value => {
    const effect = effects.find(({x}) => x === value);
    const seeds = rows.filter(({x, testAccuracy}) => x === value && testAccuracy !== null).length;
    return effect
      ? {value, seeds: effect.seeds, effect: effectText(effect), verdict: effect.verdict}
      : {value, seeds, effect: "", verdict: "too few seeds"};
  });
}

/** Whether every value is told apart from the default: larger than three of its standard deviations, over three seeds. */
export function isPlain(facts: readonly ValueFacts[]): boolean {
  return (
    facts.length > 0 &&
    facts.every(({seeds, verdict}) => seeds >= 3 && (verdict === "higher" || verdict === "lower"))
  );
}
