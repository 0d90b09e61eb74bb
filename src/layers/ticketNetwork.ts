import * as tf from "@tensorflow/tfjs";
import {operationsOf} from "../network/architectures";
import {givenTicket} from "../ticket/givenTicket";
import {maskOf, type Ticket} from "../ticket/ticket";
import {TicketError} from "../ticket/ticketError";
import {buildNetwork, type Network} from "./build";
import {GivenMasks} from "./selection";

/**
 * The network of a ticket, as the search's: an ordinary tf.LayersModel from normalised images [batch, h, w, c] to
 * logits [batch, classes], with the ticket's masks, signs, gains and batch-norm values. Its frozen weights are α ·
 * sign(W), for no file holds their magnitudes; it predicts, and is not made for searching on. Dispose of it.
 * TicketError for a negative gain, which no such layer has.
 */
export function networkOf(ticket: Ticket): Network {
  const {network: options, image, batchNorm, selection, layers, batchNorms} = givenTicket(ticket);
  const masks = new Map(layers.map(layer => [layer.name, maskOf(layer)]));
  const network = buildNetwork(operationsOf(options), image, {
    activation: options.activation,
    batchNorm: batchNorm.mode,
    batchNormEpsilon: batchNorm.epsilon,
    keepFraction: 1,
    weights: "ones",
    fan: "none",
    scores: "constant",
    gain: "rms-kept",
    selection: new GivenMasks(masks, selection.keepFraction),
    signsApart: true,
  });
  for (const [l, layer] of network.masked.entries()) {
    const {signs, gain, name} = layers[l];
    if (gain < 0) throw new TicketError(`the gain of layer ${name} is negative: ${gain}`);
    const values = Float32Array.from(signs, sign => (sign < 0 ? -gain : gain));
    assign(layer.variables().weights, values);
  }
  for (const [b, layer] of network.batchNorms.entries()) {
    const {mean, variance, gamma, beta} = batchNorms[b];
    const live = layer.variables();
    assign(live.runningMean, mean);
    assign(live.runningVariance, variance);
    if (live.gamma && gamma) assign(live.gamma, gamma);
    if (live.beta && beta) assign(live.beta, beta);
  }
  return network;
}

function assign(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}
