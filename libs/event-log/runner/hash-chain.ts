import { hash } from 'node:crypto';
import { UUID_NAMESPACES, uuidFromHex } from '../codec/derive-uuid.js';

/** Stands for "the event before" at the start of a stream. */
export const GENESIS_HASH = '0'.repeat(64);

/** Everything of a stored event that the chain covers. `recordedAt` and the position are the log's own and not covered. */
export interface ChainedEvent {
  /** The stream's name as JSON text. */
  readonly streamJson: string;
  readonly revision: number;
  readonly id: string;
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
  const { id, revision, streamJson, type, dataJson, metadataJson } = event;
  const text = `${previous}\n${id}\n${revision}\n${streamJson}\n${JSON.stringify(type)}\n${dataJson}\n${metadataJson}`;
  return hash('sha256', text, 'hex');
}

/**
 * The id of the event at `index` of a command: derived from stream, command id (part of the metadata) and index, and from
 * the content too. An identical retry has the identical id; the same command decided a second time with another outcome or
 * at another time has another one. So the log's own idempotency can never answer "stored" to content that was not.
 */
export function eventId(index: number, event: Omit<ChainedEvent, 'id' | 'revision'>): string {
  const { streamJson, type, dataJson, metadataJson } = event;
  const text = `${UUID_NAMESPACES.event}\n${index}\n${streamJson}\n${JSON.stringify(type)}\n${dataJson}\n${metadataJson}`;
  return uuidFromHex(hash('sha256', text, 'hex'));
}
