import type * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import type {Pictures} from "../data/source";
import type {Network} from "../layers/build";
import type {Position} from "../search/position";
import type {StepProgress} from "../search/progress";
import type {SearchResult} from "../search/result";
import {search} from "../search/search";
import type {SearchSpec} from "../search/spec";
import type {Moment, SteerableSettings, Steering} from "../search/steering";
import {Curve} from "./curve";
import {LayerWatch} from "./layerFacts";
import type {Pace} from "./pace";
import type {Settings, SideState} from "./panelState";
import {steerControls} from "./steerControls";

/** A setting that its reader turned, and the first step that was taken with it. */
export interface Move {
  readonly step: number;
  readonly name: string;
  readonly value: unknown;
}

/** One search of a panel, as its reader left it. */
export interface PanelSearch {
  readonly title: string;
  /** As it began. */
  readonly spec: SearchSpec;
  /** What was turned on the way; nothing: the search is the spec's own. */
  readonly moves: readonly Move[];
  /** Dispose of its network. Missing where the search came to no end. */
  readonly result?: SearchResult;
  /** Why it came to none. */
  readonly failure?: string;
}

/** A search in the hands of a panel's reader. */
export class SteeredSearch implements Steering {
  readonly curve: Curve = new Curve();
  readonly watch: LayerWatch = new LayerWatch();
  readonly moves: Move[] = [];
  /** What the reader wants, as the page shows it. */
  wanted: Settings;
  wantsBack = false;
  /** Changed by the search itself, where it refused a value: the page is to follow. */
  refused = false;
  result: SearchResult | undefined;
  private says = "";
  private progress: StepProgress | undefined;
  private moment: Moment | undefined;
  private before = {step: 0, seen: 0, lossSum: 0, correct: 0};
  private readonly tests: [number, number][] = [];

  constructor(
    readonly title: string,
    readonly spec: SearchSpec,
    private readonly pace: Pace,
    private readonly show: (side: SteeredSearch) => void,
  ) {
    const {learningRate, keepFraction, gain, outputGain = 1} = spec;
    const all: Partial<Record<string, unknown>> = {learningRate, keepFraction, gain, outputGain};
    this.wanted = Object.fromEntries(
      steerControls(spec).map(({name}) => [name, all[name] as number | string]),
    );
  }

  /** Runs to its end; what it says of settings that lead nowhere is its own end, not that of others. */
  async run(pictures: Pictures, signal: AbortSignal): Promise<void> {
    try {
      this.result = await search(this.spec, pictures, {
        ...{signal, keepUnfinished: true, steering: this},
        onStep: progress => this.stepped(progress),
        onEpoch: ({testAccuracy}) => {
          this.tests.push([this.before.step, testAccuracy]);
        },
      });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.says = error.message;
    } finally {
      this.pace.leave();
      this.show(this);
    }
  }

  async beforeStep(moment: Moment): Promise<void> {
    this.moment = moment;
    if (moment.position.batch === 0) this.watch.mark(moment.network);
    do {
      this.obey(moment);
      this.show(this);
    } while ((await this.pace.turn()) === "look");
    // The page may have spoken in the very turn in which the step was let go.
    this.obey(moment);
  }

  async onGradients(gradients: tf.NamedTensorMap, network: Network): Promise<void> {
    if (this.watch.due || this.pace.paused || this.atLastStep) await this.watch.look(network, gradients);
  }

  /** What it shows of the layers remains, beside its end: it must be of the last step, not of the last timed look. */
  private get atLastStep(): boolean {
    const {epoch, batch} = (this.moment as Moment).position;
    return epoch + 1 === this.spec.epochs && batch + 1 === this.progress?.batches;
  }

  state(): SideState {
    const {title, spec, tests, moves, says} = this;
    const {position, settings} = this.moment ?? {};
    return {
      ...{title, controls: steerControls(spec), epochs: spec.epochs, tests, says},
      batches: this.progress?.batches ?? 0,
      step: position?.step ?? 0,
      epoch: position?.epoch ?? 0,
      batch: position?.batch ?? 0,
      acts: Object.fromEntries(
        Object.keys(this.wanted).map(name => [
          name,
          (settings ?? spec)[name as keyof SteerableSettings] as number,
        ]),
      ),
      layers: this.watch.layers,
      steered: moves.length > 0,
    };
  }

  outcome(): PanelSearch {
    const {title, spec, moves, result, says} = this;
    return {title, spec, moves, ...(result ? {result} : {failure: says})};
  }

  private obey(moment: Moment): void {
    const {position, settings} = moment;
    if (this.wantsBack) {
      this.wantsBack = false;
      moment.back();
      this.curve.back(position.step);
      this.before = {step: position.step, seen: 0, lossSum: 0, correct: 0};
      this.moves.push({step: position.step + 1, name: "back", value: position.epoch});
    }
    const changes = Object.entries(this.wanted).filter(
      ([name, value]) => settings[name as keyof SteerableSettings] !== value,
    );
    for (const [name, value] of changes) {
      try {
        moment.set({[name]: value} as Partial<SteerableSettings>);
        this.moves.push({step: position.step + 1, name, value});
        this.says = "";
      } catch (error) {
        this.says = (error as Error).message;
        this.wanted = {...this.wanted, [name]: settings[name as keyof SteerableSettings] as number | string};
        this.refused = true;
      }
    }
    if (changes.length > 0) this.watch.again();
  }

  private stepped(progress: StepProgress): void {
    this.progress = progress;
    const {step, seen, lossSum, correct} = (this.moment as Moment).position as Position;
    const from = seen > this.before.seen ? this.before : {seen: 0, lossSum: 0, correct: 0};
    const images = seen - from.seen;
    this.curve.add(step, (lossSum - from.lossSum) / images, (100 * (correct - from.correct)) / images);
    this.before = {step, seen, lossSum, correct};
  }
}
