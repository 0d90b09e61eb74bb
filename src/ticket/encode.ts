import {checkBatchNorm, checkFileSize, checkHead, checkLayer} from "./checkTicket";
import {givenTicket} from "./givenTicket";
import {headOf, writeHead} from "./header";
import {cheapestContext, contextKinds, encodeMask} from "./maskCode";
import {RangeEncoder} from "./rangeCoder";
import {encodeRanks} from "./rankCode";
import {packSections, type SectionTag} from "./sections";
import {signNotFromSeed} from "./seedSigns";
import type {Ticket, TicketBatchNorm, TicketLayer} from "./ticket";
import {TicketError} from "./ticketError";

/**
 * A ticket as the bytes of an .mpt file (docs/ticket-file.md). The same ticket gives the same bytes on every engine. A
 * ticket that contradicts itself is a TicketError.
 */
export function encodeTicket(ticket: Ticket): Uint8Array {
  const {layers, batchNorms, batchNorm, signs, ranks} = givenTicket(ticket);
  const head = headOf(ticket);
  checkHead(head);
  for (const layer of layers) checkLayer(layer);
  for (const each of batchNorms) checkBatchNorm(each, batchNorm.mode !== "none", batchNorm.epsilon);
  const sections = new Map<SectionTag, Uint8Array>();
  sections.set("head", writeHead(head));
  sections.set("mask", encodeMasks(layers));
  if (signs.kind === "stored") sections.set("sign", packSigns(layers));
  else {
    for (const layer of layers) {
      const foreign = signNotFromSeed(layer, signs);
      if (foreign !== undefined) {
        throw new TicketError(`sign ${foreign} of layer ${layer.name} is not the seed's: store the signs`);
      }
    }
  }
  sections.set("gain", floatBytes(layers.map(({gain}) => Float32Array.of(gain))));
  if (batchNorms.length > 0) sections.set("norm", floatBytes(batchNorms.flatMap(valuesOf)));
  if (ranks) sections.set("rank", encodeRanks(ranks, layers));
  const file = packSections(sections);
  checkFileSize(head, file.length);
  return file;
}

/** A byte a layer that names its contexts, then all masks as one range code. */
function encodeMasks(layers: readonly TicketLayer[]): Uint8Array {
  const kinds = layers.map(({signs, shape}) => cheapestContext(signs, shape));
  const encoder = new RangeEncoder();
  layers.forEach(({signs, shape}, l) => {
    encodeMask(encoder, signs, shape, kinds[l]);
  });
  return joined([Uint8Array.from(kinds, kind => contextKinds.indexOf(kind)), encoder.finish()]);
}

/** A bit a kept weight, in order, 1 where it is negative; each byte from its lowest bit up, the last filled with 0. */
function packSigns(layers: readonly TicketLayer[]): Uint8Array {
  const kept = layers.reduce((sum, {signs}) => sum + signs.reduce((ones, sign) => ones + (sign & 1), 0), 0);
  const packed = new Uint8Array(Math.ceil(kept / 8));
  let bit = 0;
  for (const {signs} of layers) {
    for (let i = 0; i < signs.length; i++) {
      if (signs[i] < 0) packed[bit >>> 3] |= 1 << (bit & 7);
      if (signs[i] !== 0) bit++;
    }
  }
  return packed;
}

/** The values of a batch norm in the order that a file holds them. */
export function valuesOf({mean, variance, gamma, beta}: TicketBatchNorm): Float32Array[] {
  return gamma && beta ? [mean, variance, gamma, beta] : [mean, variance];
}

/** Little-endian on every machine. */
function floatBytes(arrays: readonly Float32Array[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(arrays.reduce((sum, {byteLength}) => sum + byteLength, 0)));
  let at = 0;
  for (const values of arrays) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
