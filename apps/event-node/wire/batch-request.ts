import { ProtoReader } from '#libs/event-log/eventstoredb/wire/protobuf-reader.js';
import { readUuid } from '#libs/event-log/eventstoredb/wire/uuid.js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';
import type { RawEventToAppend } from '#libs/event-log/sqlite/engine-api.js';

/** One `BatchAppendReq`: a part of an append, or all of it. */
export interface BatchPart {
  readonly correlationId: string;
  readonly options: BatchOptions | undefined;
  readonly events: readonly RawEventToAppend[];
  readonly bytes: number;
  readonly final: boolean;
}

export interface BatchOptions {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** When the client stops waiting, Unix epoch in ms; undefined when it does not say. */
  readonly deadlineEpochMs: number | undefined;
}

/** Reads the hot request without the generated classes, which copy every payload twice. @throws MalformedMessage */
export function decodeBatchPart(bytes: Buffer): BatchPart {
  const reader = new ProtoReader(bytes);
  let correlationId = '';
  let options: BatchOptions | undefined;
  let final = false;
  const events: RawEventToAppend[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        correlationId = readUuid(reader.message());
        break;
      case 2:
        options = readOptions(reader.message());
        break;
      case 3:
        events.push(readProposedMessage(reader.message()));
        break;
      case 4:
        final = reader.bool();
        break;
      default:
        reader.skip();
    }
  }
  return { correlationId, options, events, bytes: bytes.length, final };
}

function readOptions(reader: ProtoReader): BatchOptions {
  let stream = '';
  let expected: ExpectedRevision = 'any';
  let deadlineEpochMs: number | undefined;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        stream = readStreamName(reader.message());
        break;
      case 2:
        expected = reader.uint();
        break;
      case 3:
        expected = 'no-stream';
        reader.skip();
        break;
      case 5:
        expected = 'stream-exists';
        reader.skip();
        break;
      case 6:
        deadlineEpochMs = readTimestamp(reader.message());
        break;
      default:
        reader.skip();
    }
  }
  return { stream, expected, deadlineEpochMs };
}

function readStreamName(reader: ProtoReader): string {
  let name = '';
  while (reader.next()) {
    if (reader.field === 3) name = reader.string();
    else reader.skip();
  }
  return name;
}

function readTimestamp(reader: ProtoReader): number {
  let epochMs = 0;
  while (reader.next()) {
    if (reader.field === 1) epochMs += reader.uint() * 1000;
    else if (reader.field === 2) epochMs += reader.uint() / 1_000_000;
    else reader.skip();
  }
  return epochMs;
}

const NO_BYTES = Buffer.alloc(0);

function readProposedMessage(reader: ProtoReader): RawEventToAppend {
  let id = '';
  let type = '';
  let contentType: 'json' | 'binary' = 'binary';
  let data: Buffer = NO_BYTES;
  let metadata: Buffer = NO_BYTES;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        id = readUuid(reader.message());
        break;
      case 2: {
        const [key, value] = readMapEntry(reader.message());
        if (key === 'type') type = value;
        else if (key === 'content-type') contentType = value === 'application/json' ? 'json' : 'binary';
        break;
      }
      case 3:
        metadata = reader.bytes();
        break;
      case 4:
        data = reader.bytes();
        break;
      default:
        reader.skip();
    }
  }
  return { id, type, contentType, data, metadata };
}

function readMapEntry(reader: ProtoReader): readonly [string, string] {
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) value = reader.string();
    else reader.skip();
  }
  return [key, value];
}
