import {
  comparePositions,
  type EventLog,
  type Position,
  type RecordedEvent,
} from '#libs/event-log/port/index.js';
import { chainHash, GENESIS_HASH } from './hash-chain.js';

export interface BadEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** For operators: what does not hold. */
  readonly why: string;
}

export interface VerifyReport {
  readonly events: number;
  readonly streams: number;
  readonly lastPosition: Position | undefined;
  /** The first event, in log order, that cannot be as it was written; the walk ends there. */
  readonly firstBad: BadEvent | undefined;
}

interface ChainEnd {
  revision: number;
  hash: string;
  streamJson: string;
}

/**
 * Walks the whole log and recomputes the hash chain of every stream. Finds changed, exchanged, inserted and missing events;
 * not missing are those cut off the end of a stream (nothing after them tells), nor a log rewritten from some event on with
 * all hashes recomputed: the signed daily root is for these.
 *
 * Memory: one entry per stream, about 300 bytes.
 *
 * @throws LogUnavailable, LogClosed, and the adapter's error when the store itself is found damaged
 */
export async function verifyLog(log: Pick<EventLog, 'readAll'>): Promise<VerifyReport> {
  const ends = new Map<string, ChainEnd>();
  let events = 0;
  let lastPosition: Position | undefined;
  for await (const page of log.readAll()) {
    for (const event of page) {
      const why = outOfOrder(event, lastPosition) ?? breakOf(ends, event);
      events += 1;
      lastPosition = event.position;
      if (why !== undefined) {
        const { stream, revision, position } = event;
        return { events, streams: ends.size, lastPosition, firstBad: { stream, revision, position, why } };
      }
    }
  }
  return { events, streams: ends.size, lastPosition, firstBad: undefined };
}

function outOfOrder({ position }: RecordedEvent, last: Position | undefined): string | undefined {
  return last !== undefined && comparePositions(position, last) <= 0
    ? `it stands after position ${last}`
    : undefined;
}

function breakOf(ends: Map<string, ChainEnd>, event: RecordedEvent): string | undefined {
  const { stream, revision, id, type } = event;
  let end = ends.get(stream);
  if (!end) {
    end = { revision: -1, hash: GENESIS_HASH, streamJson: JSON.stringify(stream) };
    ends.set(stream, end);
  }
  if (revision !== end.revision + 1) return `revision ${end.revision + 1} was expected here`;
  const { hash, ...metadata } = event.metadata;
  if (typeof hash !== 'string') return 'it carries no hash';
  const dataJson = JSON.stringify(event.data);
  const metadataJson = JSON.stringify(metadata);
  const { streamJson } = end;
  const expected = chainHash(end.hash, { streamJson, revision, id, type, dataJson, metadataJson });
  if (hash !== expected) return 'its hash does not fit its content and the event before it';
  end.revision = revision;
  end.hash = hash;
  return undefined;
}
