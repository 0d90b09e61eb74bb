/**
 * A second reader of .mpt files, written from docs/ticket-file.md alone, with whole numbers of any size and no care for
 * speed: what a reader in another language would do.
 */
export interface SlowTicket {
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the file holds.
  readonly head: any;
  readonly masks: number[][];
  readonly gains: number[];
  readonly batchNorms: number[][];
}

export function slowlyRead(file: Uint8Array): SlowTicket {
  const bytes = Buffer.from(file);
  const sections = new Map<string, Buffer>();
  for (let at = 16; at < bytes.length - 4; ) {
    const length = bytes.readUInt32LE(at + 4);
    sections.set(bytes.toString("latin1", at, at + 4), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const head = JSON.parse(sections.get("head")!.toString("utf8"));
  const mask = sections.get("mask")!;
  const gain = sections.get("gain")!;
  const norm = sections.get("norm") ?? Buffer.alloc(0);
  const decode = slowDecoder(mask.subarray(head.layers.length));
  let at = 0;
  const floats = (count: number): number[] =>
    Array.from({length: count}, () => {
      at += 4;
      return norm.readFloatLE(at - 4);
    });
  return {
    head,
    masks: head.layers.map(({shape}: {shape: number[]}, l: number) => slowMask(decode, shape, mask[l])),
    gains: head.layers.map((_: object, l: number) => gain.readFloatLE(4 * l)),
    batchNorms: head.batchNorms.map(({channels}: {channels: number}) =>
      floats(channels * (head.batchNorm.mode === "none" ? 2 : 4)),
    ),
  };
}

function slowMask(decode: (one: bigint) => number, shape: number[], kind: number): number[] {
  const [inputs, outputs] = shape.slice(-2);
  const counts = new Map<number, {ones: bigint; bits: bigint}>();
  return Array.from({length: shape.reduce((a, b) => a * b)}, (_, i) => {
    const context = [0, Math.floor(i / outputs) % inputs, i % outputs][kind];
    const {ones, bits} = counts.get(context) ?? {ones: 0n, bits: 0n};
    const share = ((2n * ones + 1n) * 65536n) / (2n * bits + 2n);
    const bit = decode(share < 1n ? 1n : share > 65535n ? 65535n : share);
    counts.set(context, {ones: ones + BigInt(bit), bits: bits + 1n});
    return bit;
  });
}

function slowDecoder(bytes: Uint8Array): (one: bigint) => number {
  let next = 0;
  const byte = (): bigint => BigInt(bytes[next++] ?? 0);
  let range = 0xffffffffn;
  let code = 0n;
  for (let i = 0; i < 4; i++) code = 256n * code + byte();
  return one => {
    const bound = (range / 65536n) * one;
    const bit = code < bound ? 1 : 0;
    if (bit === 1) range = bound;
    else {
      code -= bound;
      range -= bound;
    }
    for (; range < 0x1000000n; range *= 256n) code = 256n * code + byte();
    return bit;
  };
}
