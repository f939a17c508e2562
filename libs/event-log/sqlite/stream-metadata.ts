/** Stream metadata as EventStoreDB keeps it: the JSON of the last event in `$$<stream>`. */
import { AT_METADATA_LENGTH, RECORD_HEADER_BYTES } from './event-record.js';
import { SOFT_DELETED_TRUNCATE_BEFORE } from './engine-api.js';

export const METADATA_PREFIX = '$$';
export const METADATA_TYPE = '$metadata';
export const TOMBSTONE_TYPE = '$streamDeleted';

export interface Retention {
  readonly maxCount: number | undefined;
  readonly maxAgeSeconds: number | undefined;
  readonly truncateBefore: number | undefined;
}

export function isMetadataStream(name: string): boolean {
  return name.startsWith(METADATA_PREFIX);
}

export function metadataStreamOf(name: string): string {
  return METADATA_PREFIX + name;
}

export function streamOfMetadata(name: string): string {
  return name.slice(METADATA_PREFIX.length);
}

/** Metadata that is no JSON object counts as none: EventStoreDB ignores it likewise. */
export function parseRetention(text: string): Retention {
  const fields = parseObject(text);
  return {
    maxCount: positiveOrNone(fields['$maxCount'], 1),
    maxAgeSeconds: positiveOrNone(fields['$maxAge'], 1),
    truncateBefore: positiveOrNone(fields['$tb'], 0),
  };
}

export function metadataOfRecord(record: Uint8Array): Retention {
  return parseRetention(dataTextOf(record));
}

export function dataTextOf(record: Uint8Array): string {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  return bytes.toString('utf8', RECORD_HEADER_BYTES + bytes.readUInt32LE(AT_METADATA_LENGTH));
}

export function isSoftDeleted(retention: Retention): boolean {
  return retention.truncateBefore !== undefined && retention.truncateBefore > Number.MAX_SAFE_INTEGER;
}

export function softDeletedMetadata(): string {
  return `{"$tb":${SOFT_DELETED_TRUNCATE_BEFORE}}`;
}

/** The same metadata with another `$tb`. */
export function withTruncateBefore(text: string, truncateBefore: number): string {
  return JSON.stringify({ ...parseObject(text), $tb: truncateBefore });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

function positiveOrNone(value: unknown, least: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= least ? value : undefined;
}
