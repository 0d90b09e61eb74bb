import {crc32} from "../core/crc32";
import {TicketError} from "./ticketError";

/** What a ticket file is made of, in the order they stand; `sign`, `norm` and `rank` may be missing. */
export const sectionTags = ["head", "mask", "sign", "gain", "norm", "rank"] as const;
export type SectionTag = (typeof sectionTags)[number];
export type Sections = ReadonlyMap<SectionTag, Uint8Array>;

/** A byte no text has, a name, and line ends that a transfer as text would change. */
const SIGNATURE = Uint8Array.of(0x89, 0x4d, 0x50, 0x54, 0x0d, 0x0a, 0x1a, 0x0a);
const VERSION = 1;
const PREAMBLE = 16;
const SECTION_HEAD = 8;
const CHECKSUM = 4;

/**
 * The file around the sections, little-endian: signature, version u32, file length u32; of each section its tag, its
 * length u32 and its bytes; CRC-32 of all before.
 */
export function packSections(sections: Sections): Uint8Array {
  const present = sectionTags.filter(tag => sections.has(tag));
  const size = present.reduce((sum, tag) => sum + SECTION_HEAD + sections.get(tag)!.length, PREAMBLE);
  if (size + CHECKSUM > 0xffffffff) throw new TicketError("a ticket file holds at most 4 GiB");
  const file = new Uint8Array(size + CHECKSUM);
  const view = new DataView(file.buffer);
  file.set(SIGNATURE);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, file.length, true);
  let at = PREAMBLE;
  for (const tag of present) {
    const bytes = sections.get(tag)!;
    file.set(new TextEncoder().encode(tag), at);
    view.setUint32(at + 4, bytes.length, true);
    file.set(bytes, at + SECTION_HEAD);
    at += SECTION_HEAD + bytes.length;
  }
  view.setUint32(at, crc32(file.subarray(0, at)), true);
  return file;
}

/** The sections of a file, as views of it. What is wrong with the file is said in a TicketError. */
export function unpackSections(file: Uint8Array): Map<SectionTag, Uint8Array> {
  const signature = file.subarray(0, SIGNATURE.length);
  if (file.length === 0) throw new TicketError("the file is empty");
  if (!signature.every((byte, i) => byte === SIGNATURE[i])) throw new TicketError("not a ticket file", true);
  if (file.length < PREAMBLE + CHECKSUM) throw new TicketError(`cut off after ${file.length} bytes`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = view.getUint32(8, true);
  if (version !== VERSION) throw new TicketError(`version ${version}; this program reads version ${VERSION}`);
  const length = view.getUint32(12, true);
  if (length > file.length) throw new TicketError(`cut off: ${file.length} of ${length} bytes are there`);
  if (length < file.length) throw new TicketError(`${file.length - length} bytes follow its end`);
  const end = file.length - CHECKSUM;
  if (crc32(file.subarray(0, end)) !== view.getUint32(end, true)) {
    throw new TicketError("the checksum does not fit: bytes have changed");
  }
  return sectionsOf(file, view, end);
}

function sectionsOf(file: Uint8Array, view: DataView, end: number): Map<SectionTag, Uint8Array> {
  const sections = new Map<SectionTag, Uint8Array>();
  let last = -1;
  let at = PREAMBLE;
  while (at < end) {
    if (at + SECTION_HEAD > end) throw new TicketError("a section begins where the file ends");
    const tag = new TextDecoder("latin1").decode(file.subarray(at, at + 4));
    const order = (sectionTags as readonly string[]).indexOf(tag);
    if (order < 0) throw new TicketError(`a section ${JSON.stringify(tag)} that this program does not know`);
    if (order <= last) throw new TicketError(`section ${tag} stands out of order`);
    const length = view.getUint32(at + 4, true);
    at += SECTION_HEAD;
    if (at + length > end) throw new TicketError(`section ${tag} is longer than the file`);
    sections.set(tag as SectionTag, file.subarray(at, at + length));
    at += length;
    last = order;
  }
  return sections;
}
