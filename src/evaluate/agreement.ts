import {argmax} from "../core/argmax";
import type {Pictures} from "../data/source";
import type {Ticket} from "../ticket/ticket";
import {evaluateTicket, type TicketEvaluation, type TicketEvaluationOptions} from "./evaluateTicket";
import {withPredictor} from "./predict";
import type {Predict, Predictor} from "./predictors";
import {compareSigns, type DifferingSigns, signProbe} from "./signAgreement";

/** Logits may be apart by this share of the largest, for float sums are rounded in another order. */
export const LOGIT_TOLERANCE = 1e-4;
/** A sign may differ whose input is nearer to where signs change than this share of its layer's rms: by rounding. */
export const SIGN_TOLERANCE = 1e-5;
/** Of the images of MPT-1/1, where a differing sign may change a class: so many must keep it. */
export const SAME_CLASS_SHARE = 0.999;

/** An image whose logits are further apart than rounding explains. */
export interface ImageApart {
  /** Its place in the test set. */
  readonly image: number;
  readonly difference: number;
  /** The signs that explain it; null where no sign differs, or where signs were not compared. */
  readonly signs: DifferingSigns | null;
}

/** How far an engine's predictions on a test set are those of another. */
export interface Agreement {
  readonly engine: Predictor;
  readonly against: Predictor;
  readonly images: number;
  /** Images whose logits are the same to the last bit. */
  readonly identical: number;
  /** Images of which both see the same class. */
  readonly sameClass: number;
  /** The largest |a − b| over the image's largest |b|, of images that are not `apart`. */
  readonly largestDifference: number;
  readonly apart: readonly ImageApart[];
  /**
   * Wasm and its reference: identical. Against TensorFlow MPT-1/32 has the same class everywhere and no image apart;
   * of MPT-1/1 each image apart has a sign that rounding decides, and 99.9 % keep their class.
   */
  readonly agrees: boolean;
}

/** An engine by name and its prediction, which need not come from the ticket itself. */
export interface Side {
  readonly name: Predictor;
  readonly predict: Predict;
}

/**
 * Compares the predictions of two engines on the first `images` of a test set, and measures the accuracy of `engine`
 * on the way. Signs are compared where TensorFlow is one of them, on images that are apart, by the slow reference.
 */
export async function compareEngines(
  ticket: Ticket,
  engine: Predictor,
  against: Predictor,
  pictures: Pictures,
  options: TicketEvaluationOptions = {},
): Promise<{evaluation: TicketEvaluation; agreement: Agreement}> {
  return withPredictor(ticket, engine, mine =>
    withPredictor(ticket, against, theirs => {
      const sides = [
        {name: engine, predict: mine},
        {name: against, predict: theirs},
      ] as const;
      return comparePredictions(ticket, sides, pictures, options);
    }),
  );
}

/** `compareEngines` of two predictions as they are given. */
export async function comparePredictions(
  ticket: Ticket,
  [{name: engine, predict: mine}, {name: against, predict: theirs}]: readonly [Side, Side],
  pictures: Pictures,
  options: TicketEvaluationOptions = {},
): Promise<{evaluation: TicketEvaluation; agreement: Agreement}> {
  const {activation} = ticket.network;
  const withSigns = activation === "sign" && (engine === "tensorflow" || against === "tensorflow");
  const probe = withSigns ? signProbe(ticket) : undefined;
  const apart: ImageApart[] = [];
  let [images, identical, sameClass, largestDifference] = [0, 0, 0, 0];
  const both: Predict = (batch, count) => {
    const logits = [mine(batch, count), theirs(batch, count)];
    for (let i = 0; i < count; i++) {
      const [a, b] = logits.map(values => rowOf(values, i, count));
      if (argmax(a) === argmax(b)) sameClass++;
      if (a.every((value, j) => value === b[j])) identical++;
      const difference = relativeDifference(a, b);
      if (difference < LOGIT_TOLERANCE) largestDifference = Math.max(largestDifference, difference);
      else {
        const image = rowOf(batch, i, count);
        const signs = probe && compareSigns(ticket, image, probe.run(image, 1).signInputs).differing;
        apart.push({image: images + i, difference, signs: signs ?? null});
      }
    }
    images += count;
    return logits[0];
  };
  try {
    const evaluation = await evaluateTicket(ticket, both, pictures, options);
    const found = {engine, against, images, identical, sameClass, largestDifference, apart};
    return {evaluation, agreement: {...found, agrees: agree(found, activation)}};
  } finally {
    probe?.dispose();
  }
}

function rowOf(values: Float32Array, i: number, count: number): Float32Array {
  const size = values.length / count;
  return values.slice(i * size, (i + 1) * size);
}

/** max |a − b| / max |b|; 0 where both are all zeros. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  const difference = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
  return difference === 0 ? 0 : difference / b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function agree(
  {engine, against, images, identical, sameClass, apart}: Omit<Agreement, "agrees">,
  activation: Ticket["network"]["activation"],
): boolean {
  if (engine !== "tensorflow" && against !== "tensorflow") return identical === images;
  if (activation === "relu") return sameClass === images && apart.length === 0;
  const explained = apart.every(({signs}) => signs !== null && signs.largest < SIGN_TOLERANCE);
  return explained && sameClass >= SAME_CLASS_SHARE * images;
}
