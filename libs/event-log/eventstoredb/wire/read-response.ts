import { encodePosition } from '#libs/event-log/port/index.js';
import type { JsonObject, Position, RecordedEvent } from '#libs/event-log/port/index.js';
import { MalformedMessage, ProtoReader } from './protobuf-reader.js';
import { readUuid } from './uuid.js';

/** One message of a read or subscription. `other` is what the port has no use for. */
export type ReadResponse =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caught-up' }
  | { readonly kind: 'stream-not-found' }
  | { readonly kind: 'other' };

const OTHER: ReadResponse = { kind: 'other' };
/** `created` is in ticks of 100 ns: the last four digits are below the millisecond. Beyond 2^53, so cut as text. */
const DIGITS_BELOW_MS = 4;

/** Decodes `ReadResp` (streams.proto) straight into the port's events. @throws MalformedMessage */
export function decodeReadResponse(bytes: Buffer): ReadResponse {
  const reader = new ProtoReader(bytes);
  let response = OTHER;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        response = { kind: 'event', event: readEvent(reader.message()) };
        break;
      case 3:
        response = { kind: 'checkpoint', position: readPosition(reader.message()) };
        break;
      case 4:
        response = { kind: 'stream-not-found' };
        reader.skip();
        break;
      case 8:
        response = { kind: 'caught-up' };
        reader.skip();
        break;
      default:
        reader.skip();
    }
  }
  return response;
}

function readPosition(reader: ProtoReader): Position {
  let commit = 0n;
  let prepare = 0n;
  while (reader.next()) {
    if (reader.field === 1) commit = reader.uint64();
    else if (reader.field === 2) prepare = reader.uint64();
    else reader.skip();
  }
  return encodePosition(commit, prepare);
}

/** Links are not asked to be resolved, so `event` is the event at the place, a link or not. */
function readEvent(reader: ProtoReader): RecordedEvent {
  let event: RecordedEvent | undefined;
  while (reader.next()) {
    if (reader.field === 1) event = readRecordedEvent(reader.message());
    else reader.skip();
  }
  if (!event) throw new MalformedMessage('An event without its record.');
  return event;
}

const NO_BYTES: Buffer = Buffer.alloc(0);

function readRecordedEvent(reader: ProtoReader): RecordedEvent {
  let id = '';
  let stream = '';
  let revision = 0;
  let prepare = 0n;
  let commit = 0n;
  let metadata = NO_BYTES;
  let data = NO_BYTES;
  const system = { type: '', created: '0', isJson: false };
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        id = readUuid(reader.message());
        break;
      case 2:
        stream = readStreamName(reader.message());
        break;
      case 3:
        // The tombstone's revision is beyond 2^53; it is a system event and dropped later.
        revision = Number(reader.uint64());
        break;
      case 4:
        prepare = reader.uint64();
        break;
      case 5:
        commit = reader.uint64();
        break;
      case 6:
        readSystemMetadata(reader.message(), system);
        break;
      case 7:
        metadata = reader.bytes();
        break;
      case 8:
        data = reader.bytes();
        break;
      default:
        reader.skip();
    }
  }
  return {
    id,
    type: system.type,
    data: system.isJson ? jsonOf(data) : bytesOf(data),
    metadata: jsonOf(metadata),
    stream,
    revision,
    position: encodePosition(commit, prepare),
    recordedAt: new Date(Number(system.created.slice(0, -DIGITS_BELOW_MS))).toISOString(),
  };
}

function readStreamName(reader: ProtoReader): string {
  let name = '';
  while (reader.next()) {
    if (reader.field === 3) name = reader.string();
    else reader.skip();
  }
  return name;
}

function readSystemMetadata(
  reader: ProtoReader,
  into: { type: string; created: string; isJson: boolean },
): void {
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) value = reader.string();
    else reader.skip();
  }
  if (key === 'type') into.type = value;
  else if (key === 'created') into.created = value;
  else if (key === 'content-type') into.isJson = value === 'application/json';
}

/** What others wrote need not be a JSON object: other JSON comes out as `{ $value }`, bytes as `{ $base64 }`. */
function jsonOf(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  try {
    const value = JSON.parse(bytes.toString('utf8')) as JsonObject | null;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { $value: value };
  } catch {
    return bytesOf(bytes);
  }
}

function bytesOf(bytes: Buffer): JsonObject {
  return bytes.length === 0 ? {} : { $base64: bytes.toString('base64') };
}
