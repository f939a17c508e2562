import type { LogEngine, RawEvent } from '#libs/event-log/sqlite/engine-api.js';
import type { ResolvedEvent } from '../wire/read-responses.js';

/** Type of a link; its data is `<revision>@<stream>`. */
export const LINK_TYPE = '$>';

/** Replaces links by what they point to, keeping the link beside it. An event that is gone leaves the link alone. */
export async function resolveLinks(
  engine: LogEngine,
  events: readonly RawEvent[],
): Promise<readonly ResolvedEvent[]> {
  if (!events.some((event) => event.type === LINK_TYPE)) return unresolved(events);
  return Promise.all(
    events.map((event) => (event.type === LINK_TYPE ? resolveLink(engine, event) : whole(event))),
  );
}

/** Events as they are, links among them. */
export function unresolved(events: readonly RawEvent[]): readonly ResolvedEvent[] {
  return events.map(whole);
}

export async function resolveLink(engine: LogEngine, link: RawEvent): Promise<ResolvedEvent> {
  const target = /^(\d{1,15})@(.+)$/su.exec(Buffer.from(link.data).toString('utf8'));
  if (!target) return { event: undefined, link };
  return { event: await engine.readEvent(target[2]!, Number(target[1])), link };
}

function whole(event: RawEvent): ResolvedEvent {
  return { event, link: undefined };
}
