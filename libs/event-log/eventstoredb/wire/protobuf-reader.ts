/** The bytes are not a protobuf message of the expected shape. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/**
 * Walks over the fields of a protobuf message without building objects for it. Byte fields are views on the input, not
 * copies.
 *
 * ```ts
 * while (reader.next()) switch (reader.field) { case 1: name = reader.string(); break; default: reader.skip(); }
 * ```
 */
export class ProtoReader {
  field = 0;
  private wireType = 0;

  constructor(
    private readonly buffer: Buffer,
    private pos = 0,
    private readonly end = buffer.length,
  ) {}

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.pos >= this.end) return false;
    const tag = this.varint();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    return true;
  }

  /** Unsigned, at most 2^53 - 1. */
  uint(): number {
    this.expect(0);
    const value = this.varint();
    if (!Number.isSafeInteger(value)) throw new MalformedMessage('Number out of range.');
    return value;
  }

  uint64(): bigint {
    this.expect(0);
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedMessage('Varint longer than ten bytes.');
  }

  bool(): boolean {
    return this.uint64() !== 0n;
  }

  /** A view on the input. */
  bytes(): Buffer {
    const start = this.open();
    return this.buffer.subarray(start, this.pos);
  }

  string(): string {
    const start = this.open();
    return this.buffer.toString('utf8', start, this.pos);
  }

  /** A reader over the nested message; this one moves behind it. */
  message(): ProtoReader {
    const start = this.open();
    return new ProtoReader(this.buffer, start, this.pos);
  }

  skip(): void {
    switch (this.wireType) {
      case 0:
        while (this.byte() >= 0x80);
        return;
      case 1:
        return this.advance(8);
      case 2:
        this.open();
        return;
      case 5:
        return this.advance(4);
      default:
        throw new MalformedMessage(`Unknown wire type ${this.wireType}.`);
    }
  }

  private open(): number {
    this.expect(2);
    const length = this.varint();
    const start = this.pos;
    this.advance(length);
    return start;
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType)
      throw new MalformedMessage(`Field ${this.field} has wire type ${this.wireType}.`);
  }

  private advance(bytes: number): void {
    if (bytes > this.end - this.pos) throw new MalformedMessage('Message cut short.');
    this.pos += bytes;
  }

  private varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
    throw new MalformedMessage('Varint longer than ten bytes.');
  }

  private byte(): number {
    if (this.pos >= this.end) throw new MalformedMessage('Message cut short.');
    return this.buffer[this.pos++]!;
  }
}
