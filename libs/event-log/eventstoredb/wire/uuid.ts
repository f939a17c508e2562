import type { ProtoReader } from './protobuf-reader.js';
import type { ProtoWriter } from './protobuf-writer.js';

/** Reads `UUID` (shared.proto), which is either a string or two signed 64-bit halves. */
export function readUuid(reader: ProtoReader): string {
  let text = '';
  while (reader.next()) {
    if (reader.field === 2) text = reader.string();
    else if (reader.field === 1) {
      const halves = reader.message();
      let high = 0n;
      let low = 0n;
      while (halves.next()) {
        if (halves.field === 1) high = halves.uint64();
        else if (halves.field === 2) low = halves.uint64();
        else halves.skip();
      }
      text = uuidOfHalves(high, low);
    } else reader.skip();
  }
  return text;
}

/** @param high most significant 64 bits; signed or unsigned */
export function uuidOfHalves(high: bigint, low: bigint): string {
  const hex =
    BigInt.asUintN(64, high).toString(16).padStart(16, '0') +
    BigInt.asUintN(64, low).toString(16).padStart(16, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function writeUuid(writer: ProtoWriter, field: number, uuid: string, structured = false): void {
  const mark = writer.mark();
  if (structured) {
    const hex = uuid.replaceAll('-', '');
    const halves = writer.mark();
    writer.uint(2, BigInt(`0x${hex.slice(16)}`));
    writer.uint(1, BigInt(`0x${hex.slice(0, 16)}`));
    writer.message(1, halves);
  } else {
    writer.string(2, uuid);
  }
  writer.message(field, mark);
}
