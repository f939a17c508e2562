import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type { ReadResp as PersistentReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { TOMBSTONE_REVISION } from '#libs/event-log/sqlite/engine-api.js';
import type { RawEvent } from '#libs/event-log/sqlite/engine-api.js';
import { wireUuid } from './uuid.js';

/** What a reader gets for one place in the log: the event, or a link and the event it points to (when that still exists). */
export interface ResolvedEvent {
  readonly event: RawEvent | undefined;
  readonly link: RawEvent | undefined;
}

export interface EventEncoding {
  /** UUIDs as two 64-bit halves instead of text. */
  readonly structuredUuids?: boolean;
}

/** int64's largest, which EventStoreDB uses as the revision of the tombstone. */
const WIRE_TOMBSTONE_REVISION = '9223372036854775807';
/** `created` is in ticks of 100 ns since the Unix epoch, as text. */
const TICKS_PER_MS_ZEROS = '0000';

/** The place of a resolved event: the link's when there is one. */
export function originalOf(resolved: ResolvedEvent): RawEvent {
  return (resolved.link ?? resolved.event)!;
}

export function eventResponse(resolved: ResolvedEvent, encoding: EventEncoding): ReadResp {
  const { ReadEvent } = streams.ReadResp;
  const response = new ReadEvent().setCommitPosition(String(originalOf(resolved).position));
  const { event, link } = resolved;
  if (event) response.setEvent(recorded(new ReadEvent.RecordedEvent(), event, encoding));
  if (link) response.setLink(recorded(new ReadEvent.RecordedEvent(), link, encoding));
  return new streams.ReadResp().setEvent(response);
}

/** @param retryCount how often the event was sent before */
export function persistentEventResponse(
  resolved: ResolvedEvent,
  retryCount: number,
  encoding: EventEncoding,
): PersistentReadResp {
  const { ReadEvent } = persistent.ReadResp;
  const response = new ReadEvent().setCommitPosition(String(originalOf(resolved).position));
  const { event, link } = resolved;
  if (event) response.setEvent(recorded(new ReadEvent.RecordedEvent(), event, encoding));
  if (link) response.setLink(recorded(new ReadEvent.RecordedEvent(), link, encoding));
  if (retryCount > 0) response.setRetryCount(retryCount);
  else response.setNoRetryCount(new shared.Empty());
  return new persistent.ReadResp().setEvent(response);
}

/** streams.proto and persistent.proto have each a message of their own for this, of the same shape. */
function recorded<
  Record extends ReadResp.ReadEvent.RecordedEvent | PersistentReadResp.ReadEvent.RecordedEvent,
>(record: Record, event: RawEvent, { structuredUuids }: EventEncoding): Record {
  const { revision, position } = event;
  record.setId(wireUuid(event.id, structuredUuids));
  record.setStreamIdentifier(streamIdentifier(event.stream));
  record.setStreamRevision(revision === TOMBSTONE_REVISION ? WIRE_TOMBSTONE_REVISION : String(revision));
  record.setPreparePosition(String(position));
  record.setCommitPosition(String(position));
  record
    .getMetadataMap()
    .set('type', event.type)
    .set('created', `${event.recordedAtMs}${TICKS_PER_MS_ZEROS}`)
    .set('content-type', event.contentType === 'json' ? 'application/json' : 'application/octet-stream');
  record.setCustomMetadata(event.metadata);
  record.setData(event.data);
  return record;
}

export function streamIdentifier(stream: string) {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8'));
}

export function confirmation(subscriptionId: string): ReadResp {
  const { SubscriptionConfirmation } = streams.ReadResp;
  return new streams.ReadResp().setConfirmation(
    new SubscriptionConfirmation().setSubscriptionId(subscriptionId),
  );
}

export function persistentConfirmation(subscriptionId: string): PersistentReadResp {
  const { SubscriptionConfirmation } = persistent.ReadResp;
  return new persistent.ReadResp().setSubscriptionConfirmation(
    new SubscriptionConfirmation().setSubscriptionId(subscriptionId),
  );
}

export function checkpointAt(position: number): ReadResp {
  const at = new streams.ReadResp.Checkpoint()
    .setCommitPosition(String(position))
    .setPreparePosition(String(position));
  return new streams.ReadResp().setCheckpoint(at);
}

export function streamNotFound(stream: string): ReadResp {
  const notFound = new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream));
  return new streams.ReadResp().setStreamNotFound(notFound);
}

export function firstStreamPosition(revision: number): ReadResp {
  return new streams.ReadResp().setFirstStreamPosition(String(revision));
}

export function lastStreamPosition(revision: number): ReadResp {
  return new streams.ReadResp().setLastStreamPosition(String(revision));
}

export function lastAllPosition(position: number): ReadResp {
  const last = new shared.AllStreamPosition()
    .setCommitPosition(String(position))
    .setPreparePosition(String(position));
  return new streams.ReadResp().setLastAllStreamPosition(last);
}

export function caughtUp(): ReadResp {
  return new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());
}

export function fellBehind(): ReadResp {
  return new streams.ReadResp().setFellBehind(new streams.ReadResp.FellBehind());
}
