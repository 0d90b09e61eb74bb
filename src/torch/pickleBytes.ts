import {CheckpointError} from "./checkpointError";

/** The bytes of a pickle, read from front to back. Reading past the end is a CheckpointError. */
export class PickleBytes {
  /** What is read next. */
  protected at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves past `count` bytes and gives where they began. */
  protected passed(count: number): number {
    const start = this.at;
    if (start + count > this.bytes.length) throw new CheckpointError("its pickle is cut off");
    this.at += count;
    return start;
  }

  byte(): number {
    return this.bytes[this.passed(1)];
  }

  uint16(): number {
    return this.view.getUint16(this.passed(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.passed(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.passed(4), true);
  }

  uint64(): number {
    const low = this.uint32();
    return this.uint32() * 2 ** 32 + low;
  }

  double(): number {
    return this.view.getFloat64(this.passed(8), false);
  }

  /** A whole number of that many bytes, two's complement; beyond 2⁵³ it is rounded. */
  long(length: number): number {
    const start = this.passed(length);
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + this.bytes[start + i];
    return length > 0 && this.bytes[start + length - 1] >= 128 ? value - 256 ** length : value;
  }

  text(length: number): string {
    const start = this.passed(length);
    return new TextDecoder().decode(this.bytes.subarray(start, start + length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new CheckpointError("its pickle is cut off");
    const text = this.text(end - this.at);
    this.passed(1);
    return text;
  }
}
