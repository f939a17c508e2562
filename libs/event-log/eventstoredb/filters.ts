import type { EventFilter } from '#libs/event-log/port/index.js';
import type { ServerFilter } from './wire/read-request.js';

/** Whether the port's filter lets an event through; a server's filter does one condition only, this one does the rest. */
export function matcherOf(filter: EventFilter | undefined): (stream: string, type: string) => boolean {
  const prefixes = filter?.streamPrefixes ?? [];
  const types = new Set(filter?.types ?? []);
  return (stream, type) =>
    !stream.startsWith('$') &&
    !type.startsWith('$') &&
    (types.size === 0 || types.has(type)) &&
    (prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix)));
}

/** The server's part: types when given, for they select most; else stream prefixes; else "no system events". */
export function serverFilterOf(filter: EventFilter | undefined): ServerFilter {
  if (filter?.types?.length) {
    return { on: 'type', regex: `^(?:${filter.types.map(escapeRegex).join('|')})$`, prefixes: [] };
  }
  if (filter?.streamPrefixes?.length) return { on: 'stream', regex: '', prefixes: filter.streamPrefixes };
  return { on: 'type', regex: '^[^$]', prefixes: [] };
}

/** Escapes what is special in both ECMAScript's and .NET's regular expressions. */
function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
