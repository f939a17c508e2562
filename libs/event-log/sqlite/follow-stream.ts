import { LogClosed } from '#libs/event-log/port/index.js';
import { AppendSignal } from './append-signal.js';
import type { FollowStreamMessage, FollowStreamRequest, LogEngine } from './engine-api.js';

const DEFAULT_PAGE_EVENTS = 1_000;

/**
 * Catch-up subscription to one stream; what retention removes is skipped. Waits for a stream that does not exist yet or
 * was soft-deleted. Ends without an error on abort, on closing, and after `tombstoned`. `after: 'end'` means from this call on.
 *
 * @throws LogDamaged, LogUnavailable, LogOverloaded
 */
export function followStream(
  engine: LogEngine,
  request: FollowStreamRequest,
): AsyncGenerator<FollowStreamMessage, void, undefined> {
  // Asked for now, not at the first pull: what is appended between belongs to the reader.
  const start = startOf(engine, request);
  start.catch(() => undefined);
  return follow(engine, request, start);
}

async function startOf(engine: LogEngine, request: FollowStreamRequest): Promise<number> {
  if (request.after === 'start') return -1;
  if (request.after !== 'end') return request.after;
  const last = await engine.readStream({
    stream: request.stream,
    direction: 'backwards',
    from: 'end',
    limit: 1,
  });
  return last.kind === 'page' ? last.lastRevision : -1;
}

async function* follow(
  engine: LogEngine,
  request: FollowStreamRequest,
  start: Promise<number>,
): AsyncGenerator<FollowStreamMessage, void, undefined> {
  const { stream, signal, pageSize = DEFAULT_PAGE_EVENTS } = request;
  const appended = new AppendSignal(engine, signal, ({ streams }) => streams.has(stream));
  let isLive = false;
  try {
    let revision = await start;
    while (!signal.aborted && !engine.isClosed()) {
      appended.lower();
      const page = await engine.readStream({
        stream,
        direction: 'forwards',
        from: revision + 1,
        limit: pageSize,
      });
      if (signal.aborted) return;
      if (page.kind === 'tombstoned') {
        yield { kind: 'tombstoned' };
        return;
      }
      if (page.kind === 'page' && page.events.length > 0) {
        revision = page.events.at(-1)!.revision;
        if (isLive && page.next !== undefined) {
          isLive = false;
          yield { kind: 'fell-behind' };
        }
        yield { kind: 'events', events: page.events };
      }
      if (page.kind === 'page' && page.next !== undefined) {
        revision = Math.max(revision, page.next - 1);
        continue;
      }
      if (!isLive) yield { kind: 'caught-up' };
      isLive = true;
      await appended.next();
    }
  } catch (error) {
    if (!(error instanceof LogClosed)) throw error;
  } finally {
    appended.stop();
  }
}
