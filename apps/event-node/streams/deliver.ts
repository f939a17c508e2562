import type { RawEvent } from '#libs/event-log/sqlite/engine-api.js';
import { eventResponse } from '../wire/read-responses.js';
import { resolveLinks, unresolved } from './links.js';
import type { ReadContext } from './read-context.js';

/** Writes one page and waits until the client has room for the next. */
export async function deliver(context: ReadContext, events: readonly RawEvent[]): Promise<void> {
  const resolved = context.resolveLinks ? await resolveLinks(context.engine, events) : unresolved(events);
  for (const event of resolved) context.out.write(eventResponse(event, context));
  await context.out.flushed();
}
