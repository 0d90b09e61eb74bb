import {type BinaryNetwork, networkOfTicket} from "../infer/network";
import {givenTicket} from "../ticket/givenTicket";
import type {Ticket} from "../ticket/ticket";
import {type ModelTexts, OnnxGraph, type SignStorage} from "./onnxGraph";
import {OnnxNetwork} from "./onnxNetwork";

/** How a ticket becomes an ONNX model. */
export interface OnnxOptions {
  /** How signs are stored; the logits are the same. */
  readonly storage?: SignStorage;
  /** Of this program, for the model's `producer_version`. */
  readonly version?: string;
}

/**
 * A ticket as an ONNX model: `images` [batch, channels, height, width], normalised, to `logits` [batch, classes].
 *
 * Signs are stored as whole numbers and cast; the gain is multiplied behind the sum. Normalisation, class names and
 * provenance stand in the metadata as JSON. Logits are those of the ticket's own engine within 2e-6 of the largest, in
 * MPT-1/1 to the last bit, whatever the runtime optimises.
 */
export function onnxOf(ticket: Ticket, options: OnnxOptions = {}): Uint8Array {
  const {network, selection, normalisation, classNames, provenance} = givenTicket(ticket);
  const {arch, activation, classes} = network;
  const kind = activation === "relu" ? "MPT-1/32" : "MPT-1/1";
  return onnxOfNetwork(networkOfTicket(ticket), classes, options.storage ?? "int8", {
    name: arch,
    producerVersion: options.version ?? "",
    describe:
      `Multi-prize ticket, ${kind}: W_b = gain * mask * sign(W). Input "images" [batch, channels, height, width]: ` +
      '(pixel/255 - mean)/sd a channel, with mean and sd of metadata "normalisation". Output "logits" [batch, classes].',
    metadata: Object.fromEntries(
      Object.entries({network, selection, normalisation, classNames, provenance}).map(([key, value]) => [
        key,
        JSON.stringify(value),
      ]),
    ),
  });
}

/** The same for a network given as data. */
export function onnxOfNetwork(
  network: BinaryNetwork,
  classes: number,
  storage: SignStorage,
  texts: ModelTexts,
): Uint8Array {
  const graph = new OnnxGraph(storage);
  const last = new OnnxNetwork(graph, network).logits();
  const [h, w, channels] = network.image;
  return graph.bytes(last, ["batch", channels, h, w], ["batch", classes], texts);
}
