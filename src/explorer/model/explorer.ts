import {argmax} from "../../core/argmax";
import {UserError} from "../../core/errors";
import {softmax} from "../../core/softmax";
import {type Dataset, imageSize} from "../../data/dataset";
import {type Classification, classify} from "../../infer/classify";
import {createInference, type Inference} from "../../infer/inference";
import {type BinaryNetwork, networkOfTicket} from "../../infer/network";
import {inputOf} from "../../infer/pictures/inputOf";
import type {PictureOptions, Pixels} from "../../infer/pictures/picture";
import {decodeTicket} from "../../ticket/decode";
import {ticketSizes} from "../../ticket/sizes";
import type {Ticket} from "../../ticket/ticket";
import {type TicketRow, ticketRow} from "../../ticket/ticketRow";
import {type Changes, changedTicket, changesWeights, unchanged} from "./changes";
import {Noise} from "./noise";
import {type MakeInference, reestimated} from "./reestimate";
import {type WeightFacts, weightFacts} from "./weight";

/** What a page shows of a ticket; plain data, so that a worker can send it. */
export interface Opened {
  readonly row: TicketRow;
  readonly weights: number;
  readonly kept: number;
  readonly ticket: Ticket;
  readonly hasBatchNorm: boolean;
}

/** What a network says of one picture. */
export interface Said extends Classification {
  /** The picture as the network sees it, before normalisation: bytes [height, width, channels]. */
  readonly seen: Uint8ClampedArray;
}

/** What a changed network makes of a sample's test pictures. */
export interface Accuracy {
  readonly count: number;
  readonly right: number;
  /** Right of the ticket as it was found. */
  readonly found: number;
  /** Pictures of which it says another class than the ticket as it was found. */
  readonly differ: number;
  /** Mean probability of the class that it names. */
  readonly confidence: number;
}

/** The class that a network names for each picture. */
interface Answers {
  readonly classes: Uint8Array;
  readonly confidence: number;
}

interface Made {
  readonly key: string;
  readonly ticket: Ticket;
  readonly network: BinaryNetwork;
  readonly inference: Inference;
}

/** A ticket under examination: what it says of pictures, as it is and changed. Runs in a page's worker and in Node. */
export class Explorer {
  private ticket: Ticket | undefined;
  private sample: Dataset | undefined;
  private made: Made | undefined;
  private noise: Noise | undefined;
  /** Of the ticket as it was found. */
  private plain: Answers | undefined;

  constructor(private readonly kernels: WebAssembly.Module) {}

  /** Reads a ticket's file. TicketError for one that is damaged, or no ticket. */
  open(name: string, bytes: Uint8Array): Opened {
    const ticket = decodeTicket(bytes);
    this.ticket = ticket;
    this.forget();
    const sizes = ticketSizes(bytes, ticket);
    return {
      row: ticketRow(name, bytes, ticket, sizes),
      weights: sizes.weights,
      kept: sizes.kept,
      ticket,
      hasBatchNorm: ticket.batchNorms.length > 0,
    };
  }

  /** The pictures that accuracies are counted on; none where none fit the ticket. */
  use(sample: Dataset | undefined): void {
    this.sample = sample;
    this.forget();
  }

  private forget(): void {
    this.made = undefined;
    this.noise = undefined;
    this.plain = undefined;
  }

  /** What the network says of a picture, and the bytes of its own size that it sees of it. */
  async classify(pixels: Pixels, changes: Changes, options: PictureOptions = {}): Promise<Said> {
    const {ticket, inference} = await this.make(changes);
    const bytes = await networkPixels(ticket, pixels, options);
    const seen = this.noiseFor(ticket.image).on(bytes, changes.noise);
    return {...(await classify(ticket, seen, {inference})), seen};
  }

  /** The ticket under these changes. */
  async changed(changes: Changes): Promise<Ticket> {
    return (await this.make(changes)).ticket;
  }

  /** Counts the sample's test pictures. UserError where no sample fits the ticket. */
  async accuracy(changes: Changes): Promise<Accuracy> {
    const sample = this.sampleInUse();
    this.plain ??= await this.answers(unchanged, sample);
    const plain = this.plain;
    const same = changes.noise === 0 && !changesWeights(this.opened(), changes);
    const now = same ? plain : await this.answers(changes, sample);
    const {labels} = sample.test;
    const right = ({classes}: Answers): number => classes.filter((label, i) => label === labels[i]).length;
    return {
      count: labels.length,
      right: right(now),
      found: right(plain),
      differ: now.classes.filter((label, i) => label !== plain.classes[i]).length,
      confidence: now.confidence,
    };
  }

  async weight(
    pixels: Pixels,
    which: {readonly layer: string; readonly index: number},
    changes: Changes,
    options: PictureOptions = {},
  ): Promise<WeightFacts> {
    const {ticket, network} = await this.make(changes);
    const bytes = await networkPixels(ticket, pixels, options);
    const image = await inputOf(ticket, this.noiseFor(ticket.image).on(bytes, changes.noise));
    // How the scores rank is the search's, whatever is changed since; a ticket moved to another share does not hold it.
    const {ranks} = this.opened();
    return weightFacts({...ticket, ...(ranks && {ranks})}, network, which, image, this.engine);
  }

  private readonly engine: MakeInference = network =>
    createInference(network, {kernels: this.kernels, onNotice: () => {}});

  private async answers(changes: Changes, sample: Dataset): Promise<Answers> {
    const {ticket, inference} = await this.make(changes);
    const {images, labels} = sample.test;
    const noisy = this.noiseFor(sample.imageShape).on(images, changes.noise);
    const logits = inference.logits(
      await inputOf(ticket, eachPicture(noisy, imageSize(sample))),
      labels.length,
    );
    const size = logits.length / labels.length;
    const each = Array.from(labels, (_, i) => logits.subarray(i * size, (i + 1) * size));
    const confidence =
      each.reduce((sum, one) => sum + Math.max(...softmax(one)), 0) / Math.max(1, labels.length);
    return {classes: Uint8Array.from(each, argmax), confidence};
  }

  /** The network under these changes; the last one is kept. */
  private async make(changes: Changes): Promise<Made> {
    const ticket = this.opened();
    const {noise: _, ...weights} = changes;
    const key = JSON.stringify(weights);
    if (this.made?.key === key) return this.made;
    const changed = changedTicket(ticket, changes);
    const stored = networkOfTicket(changed);
    const anew = changes.batchNorm === "re-estimated" && changesWeights(ticket, changes);
    const network = anew && this.sample ? await this.withStatistics(changed, stored, this.sample) : stored;
    this.made = {key, ticket: changed, network, inference: this.engine(network)};
    return this.made;
  }

  private async withStatistics(
    ticket: Ticket,
    network: BinaryNetwork,
    sample: Dataset,
  ): Promise<BinaryNetwork> {
    const list = eachPicture(sample.train.images, imageSize(sample));
    return reestimated(network, ticket, await inputOf(ticket, list), list.length, this.engine);
  }

  private opened(): Ticket {
    if (this.ticket) return this.ticket;
    throw new UserError("no ticket is open");
  }

  private sampleInUse(): Dataset {
    if (this.sample) return this.sample;
    throw new UserError("there are no test pictures for this ticket here, so accuracy cannot be counted");
  }

  private noiseFor(shape: readonly number[]): Noise {
    const values = shape.reduce((product, side) => product * side, 1);
    this.noise ??= new Noise(Math.max(values, this.sample?.test.images.length ?? 0));
    return this.noise;
  }
}

function eachPicture<T extends Uint8Array | Uint8ClampedArray>(images: T, size: number): T[] {
  const count = images.length / size;
  return Array.from({length: count}, (_, i) => images.subarray(i * size, (i + 1) * size) as T);
}

/** The bytes that a network sees of pixels of any size: its own preprocessing, normalisation taken back. */
async function networkPixels(
  ticket: Ticket,
  pixels: Pixels,
  options: PictureOptions,
): Promise<Uint8ClampedArray> {
  const {mean, sd} = ticket.normalisation;
  const seen = await inputOf(ticket, pixels, options);
  return Uint8ClampedArray.from(
    seen,
    (value, i) => 255 * (value * sd[i % sd.length] + mean[i % mean.length]),
  );
}
