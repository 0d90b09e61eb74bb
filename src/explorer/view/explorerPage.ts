import type {Dataset} from "../../data/dataset";
import type {PictureOptions, Pixels} from "../../infer/pictures/picture";
import {pixelsOf} from "../../infer/pictures/pixelsOf";
import {Engine, Latest} from "../engine";
import {addressOf, type Shown, shownBy} from "../model/address";
import {type Changes, unchanged} from "../model/changes";
import type {Opened} from "../model/explorer";
import {unpackPictures} from "../model/packed";
import {shippedFile} from "../shipped";
import {Answer} from "./answer";
import {element} from "./element";
import {FileFields} from "./fileFields";
import {FindOne} from "./findOne";
import {type Chosen, WeightMap} from "./map";
import {chosenIn, possible} from "./opening";
import {Pad} from "./pad";
import {Examples, examplePixels} from "./pictures";
import {section} from "./section";
import {Sliders} from "./sliders";
import {TicketFacts} from "./ticketFacts";
import {WeightPanel} from "./weightPanel";

/** What the site brings along. */
export interface Shipped {
  readonly tickets: readonly {readonly name: string; readonly label: string}[];
  /** Which file of pictures serves the tickets of which data set. */
  readonly pictures: Readonly<Record<string, string>>;
  /** Whether the digits to search with, and the search itself, are there. */
  readonly search: boolean;
}

/** Joins the parts: what is open, what is drawn, what is changed, what is looked at. */
export class ExplorerPage {
  private readonly engine: Engine;
  private readonly pad = new Pad(pixels => this.look(pixels, {}, undefined));
  private readonly answer = new Answer();
  private readonly examples = new Examples(index => this.lookAtExample(index));
  private readonly map = new WeightMap(chosen => this.choose(chosen));
  private readonly panel = new WeightPanel(chosen => this.choose(chosen, true));
  private readonly sliders = new Sliders(changes => this.change(changes));
  private readonly facts = new TicketFacts();
  private readonly files: FileFields;
  private readonly answering = new Latest();
  private readonly counting = new Latest();
  private readonly examining = new Latest();
  private opened: Opened | undefined;
  private sample: Dataset | undefined;
  private pixels: Pixels | undefined;
  private options: PictureOptions = {};
  private chosen: Chosen | undefined;
  private shown: Shown = {changes: unchanged};

  constructor(
    private readonly root: HTMLElement,
    workerSource: string,
    private readonly shipped: Shipped,
  ) {
    this.engine = new Engine(workerSource);
    this.files = new FileFields(root, shipped.tickets, {
      shipped: name => void this.attempt(() => this.openShipped({ticket: name, changes: unchanged})),
      ticket: file => void this.attempt(() => this.openOwn(file.name, file)),
      picture: (file, options) => void this.attempt(() => this.lookAtFile(file, options)),
    });
    const find = new FindOne((name, bytes) => void this.attempt(() => this.openBytes(name, bytes)));
    root.replaceChildren(
      this.files.root,
      this.facts.root,
      section("draw", "Draw, and it answers", this.pad.root, this.answer.root, this.examples.root),
      section("zoom", "From the network to one weight", this.map.root, this.panel.root),
      section("change", "Change it, and count", this.sliders.root),
      ...(shipped.search
        ? [section("find", "Find one yourself", element("p", {}, findAbout), find.root)]
        : []),
    );
    window.addEventListener("hashchange", () => this.follow());
  }

  async start(): Promise<void> {
    // Most come to draw a digit: its pictures are on their way while the ticket is read.
    if (this.shipped.pictures.mnist) void shippedFile(this.shipped.pictures.mnist).catch(() => {});
    const shown = shownBy(location.hash);
    const known = this.shipped.tickets.some(({name}) => name === shown.ticket);
    const first = {...shown, ticket: known ? shown.ticket : this.shipped.tickets[0]?.name};
    await this.attempt(() => this.openShipped(first));
    this.root.dataset.ready = "true";
  }

  /** An address written or pasted by hand; what the page itself wrote is shown already. */
  private follow(): void {
    const said = location.hash.replace(/^#/, "");
    if (said === addressOf(this.shown) || /^(draw|zoom|change|find)$/.test(said)) return;
    const shown = shownBy(location.hash);
    if (this.shipped.tickets.some(({name}) => name === shown.ticket))
      void this.attempt(() => this.openShipped(shown));
  }

  private async openShipped(shown: Shown): Promise<void> {
    if (shown.ticket === undefined) return;
    this.files.choose(shown.ticket);
    await this.openBytes(`${shown.ticket}.mpt`, await shippedFile(`${shown.ticket}.mpt`), shown);
  }

  private async openOwn(name: string, file: Blob): Promise<void> {
    await this.openBytes(name, new Uint8Array(await file.arrayBuffer()));
    this.files.choose(undefined);
  }

  private async openBytes(
    name: string,
    bytes: Uint8Array,
    shown: Shown = {changes: unchanged},
  ): Promise<void> {
    const opened = await this.engine.ask("open", {name, bytes});
    this.opened = opened;
    const {ticket, row} = opened;
    this.sample = await this.sampleFor(row.dataset, opened);
    const used = this.engine.ask("use", {sample: this.sample});
    this.shown = {...shown, changes: possible(shown.changes, opened)};
    this.chosen = chosenIn(opened, shown);
    // Asked first: the worker answers while this page draws.
    if (this.sample) this.lookAtExample(Math.min(shown.example ?? 0, this.sample.test.count - 1));
    else this.ask();
    this.facts.show(opened);
    this.panel.layers(ticket);
    this.map.show(ticket);
    this.sliders.open(ticket, opened.hasBatchNorm, this.shown.changes);
    this.examples.show(this.sample);
    this.examples.mark(this.shown.example);
    this.map.mark(this.chosen, shown.layer !== undefined);
    this.panel.mark(this.chosen, ticket);
    this.count(this.shown.changes);
    await used;
  }

  private async sampleFor(dataset: string | null, {ticket}: Opened): Promise<Dataset | undefined> {
    const name =
      dataset !== null && Object.hasOwn(this.shipped.pictures, dataset) && this.shipped.pictures[dataset];
    if (!name) return undefined;
    const sample = unpackPictures(await shippedFile(name));
    const fits = sample.imageShape.join() === ticket.image.join();
    return fits && sample.classNames.length === ticket.classNames.length ? sample : undefined;
  }

  private lookAtExample(index: number): void {
    if (!this.sample) return;
    this.look(examplePixels(this.sample, index), {}, index);
    this.pad.show(this.pixels!);
  }

  private async lookAtFile(file: Blob, options: PictureOptions): Promise<void> {
    const pixels = await pixelsOf(file);
    this.look(pixels, {background: "white", ...options}, undefined);
    this.pad.show(pixels);
  }

  private look(pixels: Pixels, options: PictureOptions, example: number | undefined): void {
    this.pixels = pixels;
    this.options = options;
    const {example: _, ...rest} = this.shown;
    this.shown = {...rest, ...(example !== undefined && {example})};
    this.examples.mark(example);
    this.ask();
  }

  private choose(chosen: Chosen, go = false): void {
    const layer = this.opened?.ticket.layers.find(({name}) => name === chosen.layer);
    if (!layer || !(chosen.index >= 0 && chosen.index < layer.signs.length)) return;
    this.chosen = chosen;
    this.shown = {...this.shown, layer: chosen.layer, weight: chosen.index};
    this.map.mark(chosen, go);
    this.panel.mark(chosen, this.opened!.ticket);
    this.examine();
    this.remember();
  }

  private change(changes: Changes): void {
    this.shown = {...this.shown, changes};
    this.ask();
    this.count(changes);
  }

  /** What the network says of the picture, and what the chosen weight does with it. */
  private ask(): void {
    const {pixels, options, opened} = this;
    if (!pixels || !opened) return;
    const {changes} = this.shown;
    this.answering.run(() =>
      this.attempt(async () => {
        this.answer.show(await this.engine.ask("classify", {pixels, changes, options}), opened.ticket.image);
        this.root.dataset.answered ??= `${performance.now()}`;
      }),
    );
    this.examine();
    this.remember();
  }

  private examine(): void {
    const {pixels, options, opened, chosen} = this;
    if (!pixels || !opened || !chosen) return;
    const {changes} = this.shown;
    const asked = {pixels, options, changes, layer: chosen.layer, index: chosen.index};
    this.examining.run(() =>
      this.attempt(async () => this.panel.show(await this.engine.ask("weight", asked), opened.ticket)),
    );
  }

  private count(changes: Changes): void {
    const {opened} = this;
    if (!opened) return;
    if (!this.sample) {
      this.sliders.say(
        "There are no test pictures for this ticket here: the sliders change what it says of yours.",
      );
      return;
    }
    this.sliders.busy();
    this.counting.run(() =>
      this.attempt(async () => {
        const accuracy = await this.engine.ask("accuracy", {changes});
        if (opened !== this.opened) return;
        this.sliders.show(accuracy);
        this.map.show(await this.engine.ask("changed", {changes}));
      }),
    );
  }

  /** Puts what is shown into the address, without a new entry in the history. */
  private remember(): void {
    location.replace(`#${addressOf(this.shown)}`);
  }

  private async attempt(task: () => Promise<void>): Promise<void> {
    try {
      this.files.say("");
      await task();
    } catch (error) {
      this.files.say((error as Error).message);
    }
  }
}

const findAbout =
  "biprop itself, in this page: a network with random weights for handwritten digits, half as wide as the one above. Its weights never change; the search learns which fifth to keep, in four passes over 3,000 digits. Counted at the end on 500 others.";
