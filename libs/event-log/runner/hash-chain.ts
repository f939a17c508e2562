import { hash } from 'node:crypto';
import { UUID_NAMESPACES, uuidFromHex } from '../codec/derive-uuid.js';

/** Stands for "the event before" at the start of a stream. */
export const GENESIS_HASH = '0'.repeat(64);

/** Everything of a stored event that the chain covers. `recordedAt` and the position are the log's own and not covered. */
export interface ChainedEvent extends ChainedContent {
  readonly revision: number;
  readonly id: string;
}

interface ChainedContent {
  /** The stream's name as JSON text. */
  readonly streamJson: string;
  /** Stored type. */
  readonly type: string;
  /** `JSON.stringify` of the data as stored, personal data sealed. */
  readonly dataJson: string;
  /** `JSON.stringify` of the metadata without its `hash`, in the order stored. */
  readonly metadataJson: string;
}

/**
 * SHA-256, hex, over seven lines: the previous event's hash, id, revision, stream, type, data, metadata. Stream and type
 * are JSON texts, and JSON written by `JSON.stringify` holds no line break, so that no two events give the same text.
 */
export function chainHash(previous: string, event: ChainedEvent): string {
  writeContent(event);
  return hashAfter(`${previous}\n${event.id}\n${event.revision}\n`);
}

/**
 * Id and hash of an event to be appended as the one at `index` of its command. The id is derived from stream, command id
 * (part of the metadata) and index, and from the content too. An identical retry has the identical id; the same command
 * decided a second time with another outcome or at another time has another one. So the log's own idempotency can never
 * answer "stored" to content that was not.
 */
export function linkEvent(
  previous: string,
  { index, revision }: { readonly index: number; readonly revision: number },
  content: ChainedContent,
): { readonly id: string; readonly hash: string } {
  writeContent(content);
  const id = uuidFromHex(hashAfter(`${UUID_NAMESPACES.event}\n${index}\n`));
  return { id, hash: hashAfter(`${previous}\n${id}\n${revision}\n`) };
}

/** For what stands before the content: hashes and ids. */
const HEAD_BYTES = 1_024;
/** What the next hash is over, from `HEAD_BYTES` to `end`. Used within one call only; grows to the largest event met. */
let scratch = Buffer.allocUnsafeSlow(65_536);
let end = HEAD_BYTES;

/** Bytes instead of one long string per hash: measured at 650 bytes of content, id and hash take 2.4 instead of 3.3 µs. */
function writeContent({ streamJson, type, dataJson, metadataJson }: ChainedContent): void {
  const units = streamJson.length + type.length * 6 + dataJson.length + metadataJson.length;
  // A UTF-16 unit becomes at most three bytes; within JSON a unit of the type at most six, and two quotes.
  const needed = HEAD_BYTES + units * 3 + 8;
  if (needed > scratch.length) scratch = Buffer.allocUnsafeSlow(Math.max(needed, scratch.length * 2));
  end = HEAD_BYTES;
  end += scratch.write(streamJson, end);
  end += scratch.write(`\n${JSON.stringify(type)}\n`, end);
  end += scratch.write(dataJson, end);
  end += scratch.write('\n', end);
  end += scratch.write(metadataJson, end);
}

/** SHA-256, hex, of the head and the content behind it. */
function hashAfter(head: string): string {
  const bytes = Buffer.byteLength(head);
  // Never of our own: a "previous hash" that somebody else wrote.
  if (bytes > HEAD_BYTES) {
    return hash('sha256', Buffer.concat([Buffer.from(head), scratch.subarray(HEAD_BYTES, end)]), 'hex');
  }
  const start = HEAD_BYTES - bytes;
  scratch.write(head, start);
  return hash('sha256', scratch.subarray(start, end), 'hex');
}
