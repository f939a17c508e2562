import type { EventLog, ReadStreamOptions, RecordedEvent } from '#libs/event-log/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Catalogue } from '../codec/catalogue.js';
import type { DecodedEvent } from '../codec/types.js';
import { GENESIS_HASH } from './hash-chain.js';
import type { StreamSlot } from './stream-slot.js';

export interface StreamReading {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly catalogue: Catalogue;
  readonly subjectKeys: SubjectKeys;
}

/** @throws UnknownEventType, UndecodableEvent and what the ports throw */
export async function* readDecoded(
  { log, catalogue, subjectKeys }: StreamReading,
  stream: string,
  options: ReadStreamOptions = {},
): AsyncGenerator<readonly DecodedEvent[]> {
  for await (const page of log.readStream(stream, options)) {
    yield await decodePage(catalogue, subjectKeys, page);
  }
}

export async function decodePage(
  catalogue: Catalogue,
  subjectKeys: SubjectKeys,
  page: readonly RecordedEvent[],
): Promise<readonly DecodedEvent[]> {
  const subjects = catalogue.subjectsOf(page);
  const keys = subjects.length === 0 ? undefined : await subjectKeys.find(subjects);
  return page.map((event) => catalogue.decode(event, keys));
}

/** What a stream held beyond a slot's revision. */
export interface StreamNews {
  readonly state: unknown;
  readonly events: readonly DecodedEvent[];
}

/**
 * Reads and folds what the stream holds beyond the slot's revision; everything for a slot that knows nothing. The slot is
 * left alone, so that a reading given up half-way leaves no trace.
 *
 * The place for snapshots: start from the newest one in a stream beside this one instead of revision 0, once streams grow
 * past some 500 events. Today's streams are short-lived processes of tens of events.
 */
export async function readNews(reading: StreamReading, slot: StreamSlot): Promise<StreamNews> {
  const { decider } = slot.aggregate;
  let { state } = slot;
  const events: DecodedEvent[] = [];
  for await (const page of readDecoded(reading, slot.stream, { from: slot.revision + 1 })) {
    for (const decoded of page) {
      state = decider.evolve(state, decoded.event);
      events.push(decoded);
    }
  }
  return { state, events };
}

export function takeIn(slot: StreamSlot, { state, events }: StreamNews): void {
  slot.loaded = true;
  slot.state = state;
  for (const { revision, metadata } of events) slot.commands.push(revision, metadata.commandId);
  const last = events.at(-1);
  if (!last) return;
  slot.revision = last.revision;
  slot.lastHash = last.metadata.hash ?? GENESIS_HASH;
}
