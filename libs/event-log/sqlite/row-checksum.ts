import { crc32 } from 'node:zlib';
import { LogDamaged } from '#libs/event-log/port/index.js';

/** A row of `streams` or `types`; types have no metadata. */
export interface NamedRow {
  readonly key: number;
  readonly name: string;
  /** Position of the stream's newest metadata event. */
  readonly metadata: number | null;
}

/** Binds the name and the place of the metadata to the key. */
export function rowChecksum({ key, name, metadata }: NamedRow): number {
  const ofName = crc32(name, key % 0x1_0000_0000);
  return metadata === null ? ofName : crc32(String(metadata), ofName);
}

/** @throws LogDamaged when the row is not what was written */
export function verifyRow(table: 'streams' | 'types', row: NamedRow, checksum: number): void {
  // A flipped bit in a row's header turns a column into another type.
  const isTyped = typeof row.key === 'number' && typeof row.name === 'string';
  if (!isTyped || checksum !== rowChecksum(row)) {
    throw new LogDamaged(
      `key ${row.key} of ${table}`,
      `the row of "${row.name}" does not match its checksum`,
    );
  }
}
