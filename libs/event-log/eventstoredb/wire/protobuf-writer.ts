/** Bytes of a slab shared by consecutive messages; a message that needs more gets a slab of its own. */
const SLAB_BYTES = 64 * 1024;

const EMPTY = Buffer.alloc(0);

/**
 * Writes protobuf messages from the last field to the first, so that the length in front of a nested message is known
 * when it is written and nothing is measured or copied twice. The generated classes cost about five times as much per
 * event, which is what a catch-up over a long log consists of.
 *
 * Call the field methods in reverse order of the message, then `finish`.
 */
export class ProtoWriter {
  private slab: Buffer = EMPTY;
  private end = 0;
  private pos = 0;

  /** The message written since the last `finish`; the bytes are never written again. */
  finish(): Buffer {
    const message = this.slab.subarray(this.pos, this.end);
    this.end = this.pos;
    return message;
  }

  /** Where a nested message ends; pass it to `message` after the fields of the nested message. */
  mark(): number {
    return this.end - this.pos;
  }

  message(field: number, mark: number): void {
    this.varint(this.end - this.pos - mark);
    this.varint((field << 3) | 2);
  }

  /** An empty message, such as `google.protobuf.Empty`. */
  empty(field: number): void {
    this.message(field, this.mark());
  }

  uint(field: number, value: number | bigint): void {
    if (typeof value === 'bigint') this.varintBig(value);
    else this.varint(value);
    this.varint(field << 3);
  }

  bool(field: number, value: boolean): void {
    if (value) this.uint(field, 1);
  }

  bytes(field: number, value: Uint8Array): void {
    this.reserve(value.length);
    this.pos -= value.length;
    this.slab.set(value, this.pos);
    this.varint(value.length);
    this.varint((field << 3) | 2);
  }

  string(field: number, value: string): void {
    const length = Buffer.byteLength(value, 'utf8');
    this.reserve(length);
    this.pos -= length;
    this.slab.write(value, this.pos, length, 'utf8');
    this.varint(length);
    this.varint((field << 3) | 2);
  }

  /** An entry of `map<string, string>`. */
  mapEntry(field: number, key: string, value: string): void {
    const mark = this.mark();
    this.string(2, value);
    this.string(1, key);
    this.message(field, mark);
  }

  private varint(value: number): void {
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
    this.reserve(size);
    this.pos -= size;
    let at = this.pos;
    let rest = value;
    while (rest >= 0x80) {
      this.slab[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.slab[at] = rest;
  }

  private varintBig(value: bigint): void {
    const unsigned = BigInt.asUintN(64, value);
    if (unsigned <= BigInt(Number.MAX_SAFE_INTEGER)) return this.varint(Number(unsigned));
    const digits: number[] = [];
    for (let rest = unsigned; rest > 0n; rest >>= 7n) digits.push(Number(rest & 0x7fn));
    this.reserve(digits.length);
    this.pos -= digits.length;
    digits.forEach((digit, i) => (this.slab[this.pos + i] = i + 1 < digits.length ? digit | 0x80 : digit));
  }

  private reserve(bytes: number): void {
    if (this.pos >= bytes) return;
    const written = this.end - this.pos;
    const size = Math.max(SLAB_BYTES, (written + bytes) * 2);
    const slab = Buffer.allocUnsafeSlow(size);
    this.slab.copy(slab, size - written, this.pos, this.end);
    this.slab = slab;
    this.end = size;
    this.pos = size - written;
  }
}
