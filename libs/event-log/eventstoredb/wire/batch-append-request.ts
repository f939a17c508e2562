import type { EventToAppend, ExpectedRevision } from '#libs/event-log/port/index.js';
import type { ProtoWriter } from './protobuf-writer.js';

/** An append with its events already serialised, so that an identical retry costs no second serialisation. */
export interface PreparedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly PreparedEvent[];
  /** As EventStoreDB reckons it against its append limit: data + metadata + 2 per character of the type. */
  readonly sizeBytes: number;
}

interface PreparedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws TypeError without events, and for an id that is no UUID: a server ends the whole stream over it */
export function prepareAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): PreparedAppend {
  if (events.length === 0) throw new TypeError('An append needs at least one event.');
  let sizeBytes = 0;
  const prepared = events.map((event) => {
    if (!UUID.test(event.id)) throw new TypeError(`"${event.id}" is no UUID.`);
    const data = Buffer.from(JSON.stringify(event.data), 'utf8');
    const metadata = Buffer.from(JSON.stringify(event.metadata), 'utf8');
    sizeBytes += data.length + metadata.length + 2 * event.type.length;
    return { id: event.id, type: event.type, data, metadata };
  });
  return { stream, expected, events: prepared, sizeBytes };
}

/**
 * `BatchAppendReq` (streams.proto) in one message: options, all events, final.
 *
 * @param deadlineEpochMs when the server should give up on it
 */
export function encodeBatchAppend(
  writer: ProtoWriter,
  correlationId: string,
  append: PreparedAppend,
  deadlineEpochMs: number,
): Buffer {
  writer.bool(4, true);
  for (let i = append.events.length - 1; i >= 0; i -= 1) writeProposedMessage(writer, append.events[i]!);
  writeOptions(writer, append, deadlineEpochMs);
  const correlation = writer.mark();
  writer.string(2, correlationId);
  writer.message(1, correlation);
  return writer.finish();
}

function writeProposedMessage(writer: ProtoWriter, event: PreparedEvent): void {
  const mark = writer.mark();
  writer.bytes(4, event.data);
  writer.bytes(3, event.metadata);
  writer.mapEntry(2, 'content-type', 'application/json');
  writer.mapEntry(2, 'type', event.type);
  const id = writer.mark();
  writer.string(2, event.id);
  writer.message(1, id);
  writer.message(3, mark);
}

function writeOptions(writer: ProtoWriter, append: PreparedAppend, deadlineEpochMs: number): void {
  const mark = writer.mark();
  const deadline = writer.mark();
  writer.uint(2, (deadlineEpochMs % 1000) * 1_000_000);
  writer.uint(1, Math.floor(deadlineEpochMs / 1000));
  writer.message(6, deadline);
  switch (append.expected) {
    case 'no-stream':
      writer.empty(3);
      break;
    case 'any':
      writer.empty(4);
      break;
    case 'stream-exists':
      writer.empty(5);
      break;
    default:
      writer.uint(2, append.expected);
  }
  const stream = writer.mark();
  writer.string(3, append.stream);
  writer.message(1, stream);
  writer.message(2, mark);
}
