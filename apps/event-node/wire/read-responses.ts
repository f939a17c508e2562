import { ProtoWriter } from '#libs/event-log/eventstoredb/wire/protobuf-writer.js';
import { writeUuid } from '#libs/event-log/eventstoredb/wire/uuid.js';
import { TOMBSTONE_REVISION } from '#libs/event-log/sqlite/engine-api.js';
import type { RawEvent } from '#libs/event-log/sqlite/engine-api.js';

/** What a reader gets for one place in the log: the event, or a link and the event it points to (when that still exists). */
export interface ResolvedEvent {
  readonly event: RawEvent | undefined;
  readonly link: RawEvent | undefined;
}

export interface EventEncoding {
  /** UUIDs as two 64-bit halves instead of text. */
  readonly structuredUuids?: boolean;
  /** Persistent subscriptions only: how often the event was sent before. */
  readonly retryCount?: number;
}

/** int64's largest, which EventStoreDB uses as the revision of the tombstone. */
const WIRE_TOMBSTONE_REVISION = 9223372036854775807n;
/** `created` is in ticks of 100 ns since the Unix epoch, as text. */
const TICKS_PER_MS_ZEROS = '0000';

/** One writer for all responses: messages are encoded synchronously, one after the other. */
const writer = new ProtoWriter();

/** The place of a resolved event: the link's when there is one. */
export function originalOf(resolved: ResolvedEvent): RawEvent {
  return (resolved.link ?? resolved.event)!;
}

/** `ReadResp.event` of streams.proto and of persistent.proto, which agree here. */
export function encodeEvent(resolved: ResolvedEvent, encoding: EventEncoding = {}): Buffer {
  const response = writer.mark();
  if (encoding.retryCount !== undefined) writeRetryCount(encoding.retryCount);
  writer.uint(3, originalOf(resolved).position);
  if (resolved.link) writeRecordedEvent(2, resolved.link, encoding);
  if (resolved.event) writeRecordedEvent(1, resolved.event, encoding);
  writer.message(1, response);
  return writer.finish();
}

function writeRetryCount(retryCount: number): void {
  if (retryCount > 0) writer.uint(5, retryCount);
  else writer.empty(6);
}

function writeRecordedEvent(field: number, event: RawEvent, encoding: EventEncoding): void {
  const record = writer.mark();
  writer.bytes(8, event.data);
  writer.bytes(7, event.metadata);
  const contentType = event.contentType === 'json' ? 'application/json' : 'application/octet-stream';
  writer.mapEntry(6, 'content-type', contentType);
  writer.mapEntry(6, 'created', `${event.recordedAtMs}${TICKS_PER_MS_ZEROS}`);
  writer.mapEntry(6, 'type', event.type);
  writer.uint(5, event.position);
  writer.uint(4, event.position);
  writer.uint(3, event.revision === TOMBSTONE_REVISION ? WIRE_TOMBSTONE_REVISION : event.revision);
  const stream = writer.mark();
  writer.string(3, event.stream);
  writer.message(2, stream);
  writeUuid(writer, 1, event.id, encoding.structuredUuids);
  writer.message(field, record);
}

/** `ReadResp.confirmation`: field 2 in both protocols. */
export function encodeConfirmation(subscriptionId: string): Buffer {
  const confirmation = writer.mark();
  writer.string(1, subscriptionId);
  writer.message(2, confirmation);
  return writer.finish();
}

export function encodeCheckpoint(position: number): Buffer {
  const checkpoint = writer.mark();
  writer.uint(2, position);
  writer.uint(1, position);
  writer.message(3, checkpoint);
  return writer.finish();
}

export function encodeStreamNotFound(stream: string): Buffer {
  const notFound = writer.mark();
  const identifier = writer.mark();
  writer.string(3, stream);
  writer.message(1, identifier);
  writer.message(4, notFound);
  return writer.finish();
}

export function encodeFirstStreamPosition(revision: number): Buffer {
  writer.uint(5, revision);
  return writer.finish();
}

export function encodeLastStreamPosition(revision: number): Buffer {
  writer.uint(6, revision);
  return writer.finish();
}

export function encodeLastAllPosition(position: number): Buffer {
  const last = writer.mark();
  writer.uint(2, position);
  writer.uint(1, position);
  writer.message(7, last);
  return writer.finish();
}

export function encodeCaughtUp(): Buffer {
  writer.empty(8);
  return writer.finish();
}

export function encodeFellBehind(): Buffer {
  writer.empty(9);
  return writer.finish();
}
