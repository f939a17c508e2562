import { firstStreamPosition, lastStreamPosition, streamNotFound } from '../wire/read-responses.js';
import { streamDeleted } from '../wire/failures.js';
import { deliver } from './deliver.js';
import type { Bounds, From, ReadContext } from './read-context.js';

/** Events per page; payload bytes per page are bounded by the engine. */
const PAGE_EVENTS = 500;

/** A read of one stream up to its end as it is when the read gets there, or up to the count asked for. */
export async function readStream(context: ReadContext, stream: string, bounds: Bounds): Promise<void> {
  const { engine, out } = context;
  let from: From | undefined = bounds.from;
  let left = bounds.count;
  let lastRevision: number | undefined;
  while (from !== undefined && left > 0 && !out.signal.aborted) {
    const page = await engine.readStream({
      stream,
      direction: bounds.direction,
      from,
      limit: Math.min(left, PAGE_EVENTS),
    });
    if (page.kind === 'tombstoned') throw streamDeleted(stream);
    if (page.kind === 'not-found') {
      // Deleted between two pages: what was read stands.
      if (lastRevision === undefined) out.write(streamNotFound(stream));
      return;
    }
    lastRevision = page.lastRevision;
    await deliver(context, page.events);
    left -= page.events.length;
    from = page.next;
  }
  if (context.positions && lastRevision !== undefined) await writePositions(context, stream, lastRevision);
}

async function writePositions(
  { engine, out }: ReadContext,
  stream: string,
  lastRevision: number,
): Promise<void> {
  const first = await engine.readStream({ stream, direction: 'forwards', from: 'start', limit: 1 });
  if (first.kind === 'page' && first.events[0]) out.write(firstStreamPosition(first.events[0].revision));
  out.write(lastStreamPosition(lastRevision));
}
