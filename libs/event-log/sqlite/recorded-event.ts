import {
  encodePosition,
  type Json,
  type JsonObject,
  type RecordedEvent,
} from '#libs/event-log/port/index.js';
import { instantFromEpochMs } from '#libs/kernel/time/index.js';
import type { RawEvent } from './engine-api.js';
import { AppendedEvent } from './appended-event.js';
import { PageEvent } from './page-events.js';

/** The port's event for a raw one. */
export function recordedOf(event: RawEvent): RecordedEvent {
  if (!isShared(event)) return decode(event);
  event.recorded ??= decode(event);
  return event.recorded;
}

function isShared(event: RawEvent): event is PageEvent | AppendedEvent {
  return event instanceof AppendedEvent || event instanceof PageEvent;
}

function decode(event: RawEvent): RecordedEvent {
  const isJson = event.contentType === 'json';
  const parsed = event instanceof AppendedEvent ? event.parsed : undefined;
  return {
    id: event.id,
    type: event.type,
    data: parsed?.data ?? (isJson ? objectOf(dataTextOf(event)) : bytesOf(event.data)),
    metadata: parsed?.metadata ?? objectOf(metadataTextOf(event)),
    stream: event.stream,
    revision: event.revision,
    position: encodePosition(event.position),
    recordedAt: recordedAtOf(event.recordedAtMs),
  };
}

let lastMs = -1;
let lastText = '';

/** Events of one group commit were recorded in the same millisecond. */
function recordedAtOf(epochMs: number): string {
  if (epochMs !== lastMs) {
    lastMs = epochMs;
    lastText = instantFromEpochMs(epochMs);
  }
  return lastText;
}

/** What others wrote need not be a JSON object: bytes come out as `{ $base64 }`, other JSON as `{ $value }`. */
function objectOf(text: string): JsonObject {
  if (text === '') return {};
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return bytesOf(Buffer.from(text));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  return { $value: value };
}

function bytesOf(bytes: Uint8Array): JsonObject {
  return { $base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}

function dataTextOf(event: RawEvent): string {
  return isShared(event) ? event.dataText() : textOf(event.data);
}

function metadataTextOf(event: RawEvent): string {
  return isShared(event) ? event.metadataText() : textOf(event.metadata);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
