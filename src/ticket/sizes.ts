import {binaryEntropy} from "../core/entropy";
import {decodeTicket} from "./decode";
import {unpackSections} from "./sections";
import type {Ticket} from "./ticket";

/** Where the bytes of an .mpt file go, and what the same network takes elsewhere. */
export interface TicketSizes {
  readonly weights: number;
  readonly kept: number;
  /** Σ over layers n·H(kept/n): no code of masks in which only their density is known takes less. */
  readonly entropyBits: number;
  readonly maskBits: number;
  /** 0 where the signs come from the seed. */
  readonly signBytes: number;
  readonly gainBytes: number;
  readonly batchNormBytes: number;
  /** Of the optional ranks. */
  readonly rankBytes: number;
  /** Names, shapes, provenance, lengths and checksum: all that is left. */
  readonly headerBytes: number;
  readonly totalBytes: number;
  /** Of the decoded ticket in memory: a byte a weight. */
  readonly residentBytes: number;
  /** Weights and batch norms as float32. */
  readonly float32Bytes: number;
  /** A bit a weight, with gains and batch norms. A bit cannot say that a weight is pruned. */
  readonly oneBitBytes: number;
  /** Two bits a weight, as a mask and a sign, with gains and batch norms. */
  readonly twoBitBytes: number;
  /** What the reference's checkpoint stores under SGD: weights, scores and momentum as float32, and batch norms. */
  readonly referenceCheckpointBytes: number;
  readonly layers: readonly LayerSizes[];
}

/** Counts and sizes of one layer of a ticket. */
export interface LayerSizes {
  readonly name: string;
  readonly shape: readonly number[];
  readonly weights: number;
  readonly kept: number;
  readonly entropyBits: number;
  readonly gain: number;
}

/**
 * Measures a file, which must be sound; `ticket` is what is in it, if that is known already. All sizes in bytes, of
 * the whole and a layer; TicketError for a damaged file.
 */
export function ticketSizes(file: Uint8Array, ticket: Ticket = decodeTicket(file)): TicketSizes {
  const sections = unpackSections(file);
  const bytes = (tag: Parameters<typeof sections.get>[0]): number => sections.get(tag)?.length ?? 0;
  const layers = ticket.layers.map(({name, shape, signs, gain}): LayerSizes => {
    const kept = signs.reduce((ones, sign) => ones + (sign & 1), 0);
    const weights = signs.length;
    return {name, shape, weights, kept, entropyBits: weights * binaryEntropy(kept / weights), gain};
  });
  const sum = (value: (layer: LayerSizes) => number): number =>
    layers.reduce((total, layer) => total + value(layer), 0);
  const weights = sum(layer => layer.weights);
  const [maskBytes, signBytes, gainBytes] = [bytes("mask"), bytes("sign"), bytes("gain")];
  const [batchNormBytes, rankBytes] = [bytes("norm"), bytes("rank")];
  return {
    weights,
    kept: sum(layer => layer.kept),
    entropyBits: sum(layer => layer.entropyBits),
    maskBits: 8 * maskBytes,
    signBytes,
    gainBytes,
    batchNormBytes,
    rankBytes,
    headerBytes: file.length - maskBytes - signBytes - gainBytes - batchNormBytes - rankBytes,
    totalBytes: file.length,
    residentBytes: (ticket.ranks ? 2 : 1) * weights + gainBytes + batchNormBytes,
    float32Bytes: 4 * weights + batchNormBytes,
    oneBitBytes: Math.ceil(weights / 8) + gainBytes + batchNormBytes,
    twoBitBytes: Math.ceil(weights / 4) + gainBytes + batchNormBytes,
    referenceCheckpointBytes: 12 * weights + batchNormBytes,
    layers,
  };
}
