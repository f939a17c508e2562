import type { RawFilter } from '#libs/event-log/sqlite/engine-api.js';
import { lastAllPosition } from '../wire/read-responses.js';
import { deliver } from './deliver.js';
import type { Bounds, From, ReadContext } from './read-context.js';

const PAGE_EVENTS = 500;

/** A read of $all up to the end the log had when the read began, or up to the count asked for. */
export async function readAll(
  context: ReadContext,
  bounds: Bounds,
  filter: RawFilter | undefined,
): Promise<void> {
  const { engine, out } = context;
  const last = engine.lastPosition();
  let from: From | undefined = firstPosition(bounds);
  let left = bounds.count;
  while (from !== undefined && left > 0 && !out.signal.aborted) {
    if (bounds.direction === 'forwards' && typeof from === 'number' && from > last) break;
    const page = await engine.readAll({
      direction: bounds.direction,
      from,
      limit: Math.min(left, PAGE_EVENTS),
      ...(filter ? { filter } : {}),
    });
    const events = page.events.filter((event) => bounds.direction === 'backwards' || event.position <= last);
    await deliver(context, events);
    left -= events.length;
    from = page.next;
  }
  if (context.positions) out.write(lastAllPosition(last));
}

/** Backwards, EventStoreDB takes a position as the place *behind* an event: the event at it is not read. */
function firstPosition({ direction, from }: Bounds): From | undefined {
  if (direction === 'forwards' || typeof from !== 'number') return from;
  return from <= 1 ? undefined : from - 1;
}
