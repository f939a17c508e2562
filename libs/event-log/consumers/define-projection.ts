import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import type { EventPlace, Projection, ProjectionPart } from './types.js';

type Handler = (data: unknown, view: ViewWriter, at: EventPlace) => void;

/** Makes a projection of parts: `defineProjection({ name, version, tables, parts: [on(billEvents, …), …] })`. */
export function defineProjection({
  parts,
  ...head
}: Pick<Projection, 'name' | 'version' | 'tables'> & {
  readonly parts: readonly ProjectionPart[];
}): Projection {
  const handlers = new Map<string, Handler>();
  for (const part of parts) {
    for (const [type, handler] of Object.entries(part.handlers)) {
      if (handler) handlers.set(type, handler as Handler);
    }
  }
  return {
    ...head,
    events: parts.map((part) => part.events),
    project({ event, id, stream, revision, position, metadata }: DecodedEvent<DomainEvent>, view) {
      handlers.get(event.type)?.(event.data, view, { stream, revision, position, eventId: id, metadata });
    },
  };
}
