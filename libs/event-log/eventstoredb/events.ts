import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import { encodePosition } from '#libs/event-log/port/index.js';
import type { EventFilter, JsonObject, RecordedEvent } from '#libs/event-log/port/index.js';

/** The port's event for the client's. */
export function recordedEventOf(event: ClientEvent): RecordedEvent {
  return {
    id: event.id,
    type: event.type,
    data: jsonObjectOf(event.data),
    metadata: jsonObjectOf(event.metadata),
    stream: event.streamId,
    // Beyond 2^53 only in a tombstone, which is a system event and never delivered.
    revision: Number(event.revision),
    position: encodePosition(event.position!.commit, event.position!.prepare),
    recordedAt: event.created.toISOString(),
  };
}

/** What others wrote need not be a JSON object: other JSON comes out as `{ $value }`, bytes as `{ $base64 }`. */
function jsonObjectOf(value: unknown): JsonObject {
  if (value === undefined) return {};
  if (value instanceof Uint8Array) {
    return value.length === 0 ? {} : { $base64: Buffer.from(value).toString('base64') };
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : { $value: value as JsonObject };
}

/** Whether the port's filter lets an event through. */
export function matcherOf(filter: EventFilter | undefined): (event: RecordedEvent) => boolean {
  const prefixes = filter?.streamPrefixes ?? [];
  const types = new Set(filter?.types ?? []);
  return ({ stream, type }) =>
    !stream.startsWith('$') &&
    !type.startsWith('$') &&
    (types.size === 0 || types.has(type)) &&
    (prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix)));
}
