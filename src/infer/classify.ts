import {argmax} from "../core/argmax";
import {softmax} from "../core/softmax";
import type {Ticket} from "../ticket/ticket";
import type {Inference} from "./inference";
import {inferenceOf} from "./inferenceOf";
import {inputOf} from "./pictures/inputOf";
import type {Picture, PictureOptions} from "./pictures/picture";

/** What a network says of a picture. */
export interface Classification {
  /** Name of the most probable class. */
  readonly className: string;
  /** Its index among the ticket's `classNames`. */
  readonly label: number;
  /** Its softmax of the logits, in [0, 1]; how sure the network sounds, not how often it is right. */
  readonly probability: number;
  /** Every class, the most probable first. */
  readonly classes: readonly {readonly name: string; readonly label: number; readonly probability: number}[];
}

/** How a picture is read and classified. */
export interface ClassifyOptions extends PictureOptions {
  /** The engine to ask; by default one on WebAssembly, made once for each ticket. */
  readonly inference?: Inference;
}

/** By ticket; let go with it. */
const made = new WeakMap<Ticket, Promise<Inference>>();

/**
 * What a ticket's network says of a picture, in Node and in a page: the picture is brought to what the network sees
 * (`inputOf`), and the answer named by the ticket's classes. An array of pictures gives an array. UserError for what is
 * no picture or of a wrong size.
 *
 *     const {className, probability} = await classify(readTicket("digits.mpt"), "seven.png");
 */
export function classify(
  ticket: Ticket,
  picture: Picture,
  options?: ClassifyOptions,
): Promise<Classification>;
export function classify(
  ticket: Ticket,
  pictures: readonly Picture[],
  options?: ClassifyOptions,
): Promise<Classification[]>;
export async function classify(
  ticket: Ticket,
  pictures: Picture | readonly Picture[],
  {inference, ...options}: ClassifyOptions = {},
): Promise<Classification | Classification[]> {
  const images = await inputOf(ticket, pictures, options);
  const count = Array.isArray(pictures) ? pictures.length : 1;
  const logits = (inference ?? (await engineOf(ticket))).logits(images, count);
  const size = logits.length / count;
  const answers = Array.from({length: count}, (_, i) =>
    named(ticket, logits.subarray(i * size, (i + 1) * size)),
  );
  return Array.isArray(pictures) ? answers : answers[0];
}

function engineOf(ticket: Ticket): Promise<Inference> {
  const known = made.get(ticket);
  if (known) return known;
  const making = inferenceOf(ticket);
  made.set(ticket, making);
  // A failure, a file that is not there yet, is not kept.
  making.catch(() => made.delete(ticket));
  return making;
}

function named({classNames}: Ticket, logits: Float32Array): Classification {
  const label = argmax(logits);
  const probabilities = softmax(logits);
  const classes = Array.from(probabilities, (probability, i) => ({
    name: classNames[i],
    label: i,
    probability,
  }));
  classes.sort((a, b) => b.probability - a.probability || a.label - b.label);
  return {className: classNames[label], label, probability: probabilities[label], classes};
}
