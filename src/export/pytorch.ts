import {UserError} from "../core/errors";
import {meanKeptDenominator} from "../core/gain";
import {keepCount} from "../core/mask";
import {operationsOf} from "../network/architectures";
import {givenTicket} from "../ticket/givenTicket";
import type {Ticket, TicketLayer} from "../ticket/ticket";
import {oihwFromHwio, rowsByChannel, transposed} from "./channelsFirst";
import {type Pickled, pickleOf, type TensorPlace} from "./pickleWriter";
import {moduleNames, referenceClass} from "./referenceNames";
import {storedZip} from "./storedZip";

/** The epsilon of torch.nn.BatchNorm2d, which the reference does not change. */
const EPSILON = 1e-5;

/** Tensors on their way into a file: their numbers, and where the pickle says they are. */
class Storages {
  readonly files: {name: string; bytes: Uint8Array}[] = [];

  floats(shape: readonly number[], values: Float32Array): Pickled {
    return this.add({type: "Float", shape}, values);
  }

  counter(value: number): Pickled {
    return this.add({type: "Long", shape: []}, BigInt64Array.of(BigInt(value)));
  }

  private add(place: Omit<TensorPlace, "key">, values: Float32Array | BigInt64Array): Pickled {
    const key = String(this.files.length);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.files.push({name: `archive/data/${key}`, bytes});
    return {tensor: {...place, key}};
  }
}

/**
 * A ticket as a checkpoint (.pth) that the reference implementation evaluates: `--pretrained FILE` with the class, the
 * `conv_type`, `bn_type`, `prune_rate` and `width_mult` that the file names.
 *
 * Scores are 1 where a weight is kept and 0.5 where it is pruned, and all weights of a layer are of one size, so that the
 * reference's selection and its gain Σ kept |W| / trunc(k·n) are the ticket's. Signs of pruned weights are not known, and
 * count for nothing. UserError for a network that the reference has no class of.
 *
 * Source: chrundle/biprop f709fc5, main.py, utils/conv_type.py.
 */
export async function pytorchOf(ticket: Ticket): Promise<Uint8Array> {
  const {network, selection, batchNorm, provenance} = givenTicket(ticket);
  const {name: arch, widthMultiplier} = referenceClass(network);
  if (batchNorm.epsilon !== EPSILON && ticket.batchNorms.length > 0)
    throw new UserError(
      `the reference's batch norm has the epsilon ${EPSILON}, and the ticket's is ${batchNorm.epsilon}`,
    );
  const storages = new Storages();
  const epochs = Number(provenance.epochs ?? 1);
  const root: Pickled = {
    dict: {
      epoch: Number.isInteger(epochs) ? epochs : 1,
      arch,
      conv_type: selection.kind === "global" ? "GlobalSubnetConv" : "SubnetConv",
      bn_type: batchNorm.mode === "none" ? "NonAffineBatchNorm" : "AffineBatchNorm",
      prune_rate: selection.keepFraction,
      width_mult: widthMultiplier,
      best_acc1: Number(provenance.testAccuracy ?? 0),
      state_dict: {dict: stateOf(ticket, storages)},
    },
  };
  return storedZip([
    {name: "archive/data.pkl", bytes: pickleOf(root)},
    {name: "archive/byteorder", bytes: Buffer.from("little")},
    ...storages.files,
    {name: "archive/version", bytes: Buffer.from("3\n")},
  ]);
}

function stateOf(ticket: Ticket, storages: Storages): Record<string, Pickled> {
  const names = moduleNames(ticket.network.arch, operationsOf(ticket.network));
  const state: Record<string, Pickled> = {};
  ticket.layers.forEach((layer, l) => {
    const {shape, signs, size} = channelsFirst(ticket, layer, ticket.layers[l - 1]);
    const module = `module.${names.get(layer.name)}`;
    const weights = Float32Array.from(signs, sign => (sign < 0 ? -size : size));
    state[`${module}.weight`] = storages.floats(shape, weights);
    state[`${module}.scores`] = storages.floats(
      shape,
      Float32Array.from(signs, sign => (sign === 0 ? 0.5 : 1)),
    );
  });
  for (const {name, mean, variance, gamma, beta} of ticket.batchNorms) {
    const module = `module.${names.get(name)}`;
    const channels = [mean.length];
    if (ticket.batchNorm.mode !== "none") {
      state[`${module}.weight`] = storages.floats(channels, gamma ?? new Float32Array(mean.length).fill(1));
      state[`${module}.bias`] = storages.floats(channels, beta ?? new Float32Array(mean.length));
    }
    state[`${module}.running_mean`] = storages.floats(channels, mean);
    state[`${module}.running_var`] = storages.floats(channels, variance);
    state[`${module}.num_batches_tracked`] = storages.counter(0);
  }
  return state;
}

/** Signs as [out, in, height, width], and the magnitude whose gain by the reference's rule is the layer's. */
function channelsFirst(
  {selection: {kind, keepFraction}}: Ticket,
  {name, shape, signs, gain}: TicketLayer,
  before: TicketLayer | undefined,
): {shape: readonly number[]; signs: Int8Array; size: number} {
  const kept = signs.reduce((count, sign) => count + Math.abs(sign), 0);
  if (kind === "layerwise" && kept !== keepCount(signs.length, keepFraction))
    throw new UserError(
      `layer ${name} keeps ${kept} of ${signs.length} weights, which the reference does not select at k = ${keepFraction}`,
    );
  if (gain === 0)
    throw new UserError(`the gain of layer ${name} is 0, which no weights of the reference give`);
  const counted = meanKeptDenominator(signs.length, kept, {keepFraction, selection: kind});
  const own = gain < 0 ? Int8Array.from(signs, sign => -sign) : signs;
  const size = (Math.abs(gain) * counted) / kept;
  if (shape.length === 4) {
    const [height, width, inputs, outputs] = shape;
    return {shape: [outputs, inputs, height, width], signs: oihwFromHwio(own, shape), size};
  }
  const [inputs, outputs] = shape;
  const channels = before?.shape.at(-1) ?? inputs;
  const rows = inputs % channels === 0 ? rowsByChannel(own, shape, channels) : own;
  return {shape: [outputs, inputs, 1, 1], signs: transposed(rows, inputs, outputs), size};
}
