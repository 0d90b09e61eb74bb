import {check, checkBatchNorm, checkFileSize, checkLayer, type TicketHead} from "./checkTicket";
import {givenBytes} from "./givenTicket";
import {readHead} from "./header";
import {type ContextKind, contextKinds, decodeMask} from "./maskCode";
import {RangeDecoder} from "./rangeCoder";
import {decodeRanks} from "./rankCode";
import {type SectionTag, unpackSections} from "./sections";
import {signFromSeed} from "./seedSigns";
import type {Ticket, TicketBatchNorm, TicketLayer} from "./ticket";
import {TicketError} from "./ticketError";

/**
 * The ticket in the bytes of an .mpt file. Whatever the bytes are, it ends in a ticket or a TicketError, in time and
 * memory proportional to at most 1024 weights a byte: sizes are checked before anything is reserved. UserError for what
 * are no bytes.
 */
export function decodeTicket(file: Uint8Array): Ticket {
  const sections = unpackSections(givenBytes(file));
  const section = (tag: SectionTag): Uint8Array => {
    const bytes = sections.get(tag);
    if (bytes === undefined) throw new TicketError(`section ${tag} is missing`);
    return bytes;
  };
  const {fractions, ...head} = readHead(section("head"));
  checkSections(sections, {...head, fractions}, file.length);
  const masks = decodeMasks(section("mask"), head.layers);
  if (head.signs.kind === "stored") unpackSigns(section("sign"), masks);
  else for (const [l, {name}] of head.layers.entries()) signFromSeed(masks[l], name, head.signs);
  const gains = new Floats(section("gain"));
  const layers = head.layers.map((layer, l): TicketLayer => {
    const whole = {...layer, signs: masks[l], gain: gains.take(1)[0]};
    checkLayer(whole);
    return whole;
  });
  const ranks = fractions && decodeRanks(section("rank"), fractions, layers);
  return {...head, layers, batchNorms: readBatchNorms(sections.get("norm"), head), ...(ranks ? {ranks} : {})};
}

/** Refuses sections that are not there, not asked for, or of another size than the head implies. */
function checkSections(
  sections: ReadonlyMap<SectionTag, Uint8Array>,
  head: TicketHead,
  fileBytes: number,
): void {
  const {layers, batchNorms, signs, batchNorm, fractions} = head;
  checkFileSize(head, fileBytes);
  const channels = batchNorms.reduce((sum, each) => sum + each.channels, 0);
  const expected: Partial<Record<SectionTag, boolean>> = {
    sign: signs.kind === "stored",
    norm: batchNorms.length > 0,
    rank: fractions !== undefined,
  };
  for (const [tag, there] of Object.entries(expected)) {
    const found = sections.has(tag as SectionTag);
    check(
      found === there,
      () => `section ${tag} is ${found ? "there, but the header asks for none" : "missing"}`,
    );
  }
  const bytes: Partial<Record<SectionTag, number>> = {
    gain: 4 * layers.length,
    norm: 4 * channels * (batchNorm.mode === "none" ? 2 : 4),
  };
  for (const [tag, size] of Object.entries(bytes)) {
    const found = sections.get(tag as SectionTag)?.length ?? 0;
    check(found === size, () => `section ${tag} holds ${found} bytes instead of ${size}`);
  }
}

function decodeMasks(bytes: Uint8Array, layers: TicketHead["layers"]): Int8Array[] {
  check(bytes.length > layers.length, () => "section mask is too short");
  const kinds = [...bytes.subarray(0, layers.length)].map((byte): ContextKind => {
    check(byte < contextKinds.length, () => `a mask has contexts of the unknown kind ${byte}`);
    return contextKinds[byte];
  });
  const decoder = new RangeDecoder(bytes.subarray(layers.length));
  const masks = layers.map(({shape}, l) => {
    const mask = new Int8Array(shape.reduce((product, size) => product * size, 1));
    decodeMask(decoder, mask, shape, kinds[l]);
    check(!decoder.overran(), () => "section mask ends too early");
    return mask;
  });
  check(decoder.atEnd(), () => "section mask goes on after the last weight");
  return masks;
}

/** Turns kept weights (entries 1) that are negative into −1. */
function unpackSigns(packed: Uint8Array, masks: readonly Int8Array[]): void {
  const kept = masks.reduce((sum, mask) => sum + mask.reduce((ones, m) => ones + m, 0), 0);
  const size = Math.ceil(kept / 8);
  check(packed.length === size, () => `section sign holds ${packed.length} bytes instead of ${size}`);
  let bit = 0;
  for (const mask of masks) {
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      if ((packed[bit >>> 3] >>> (bit & 7)) & 1) mask[i] = -1;
      bit++;
    }
  }
}

function readBatchNorms(bytes: Uint8Array | undefined, head: TicketHead): TicketBatchNorm[] {
  const floats = new Floats(bytes ?? new Uint8Array(0));
  const affine = head.batchNorm.mode !== "none";
  return head.batchNorms.map(({name, channels}) => {
    const [mean, variance] = [floats.take(channels), floats.take(channels)];
    const scaled = affine ? {gamma: floats.take(channels), beta: floats.take(channels)} : {};
    const batchNorm = {name, mean, variance, ...scaled};
    checkBatchNorm(batchNorm, affine, head.batchNorm.epsilon);
    return batchNorm;
  });
}

/** Little-endian float32 values, one after the other. */
class Floats {
  private at = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(count: number): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = this.view.getFloat32(this.at + 4 * i, true);
    this.at += 4 * count;
    return values;
  }
}
