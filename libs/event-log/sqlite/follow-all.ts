import { LogClosed } from '#libs/event-log/port/index.js';
import { AppendSignal } from './append-signal.js';
import { askedAhead } from './asked-ahead.js';
import type { AllPage, FollowAllMessage, FollowAllRequest, LogEngine } from './engine-api.js';

const DEFAULT_CHECKPOINT_EVENTS = 1_000;
const DEFAULT_PAGE_EVENTS = 1_000;

/**
 * Catch-up subscription over the whole log: pages while behind, then live by notification. One page is read at a time and
 * one ahead while behind, so a slow reader holds two pages, and an idle one costs nothing.
 * Ends without an error when the signal aborts or the engine closes. `after: 'end'` counts from this call on.
 *
 * @throws LogDamaged, LogUnavailable, LogOverloaded, SyntaxError for a malformed regular expression
 */
export function followAll(
  engine: LogEngine,
  request: FollowAllRequest,
): AsyncGenerator<FollowAllMessage, void, undefined> {
  const start =
    request.after === 'start' ? 0 : request.after === 'end' ? engine.lastPosition() : request.after;
  return follow(engine, request, start);
}

async function* follow(
  engine: LogEngine,
  request: FollowAllRequest,
  start: number,
): AsyncGenerator<FollowAllMessage, void, undefined> {
  const {
    signal,
    filter,
    checkpointEvery = DEFAULT_CHECKPOINT_EVENTS,
    pageSize = DEFAULT_PAGE_EVENTS,
    scanLimit,
  } = request;
  const appended = new AppendSignal(engine, signal);
  let position = start;
  let checkpoint = start;
  let isLive = false;
  const read = (from: number): Promise<AllPage> =>
    engine.readAll({ direction: 'forwards', from, limit: pageSize, filter, scanLimit });
  // While behind, the next page is read as the caller works on this one.
  let ahead: Promise<AllPage> | undefined;
  try {
    while (!signal.aborted && !engine.isClosed()) {
      appended.lower();
      if (position >= engine.lastPosition()) {
        if (!isLive) yield { kind: 'caught-up', position };
        isLive = true;
        await appended.next();
        continue;
      }
      if (isLive && engine.lastPosition() - position > pageSize) {
        isLive = false;
        yield { kind: 'fell-behind' };
      }
      const page: AllPage = await (ahead ?? read(position + 1));
      position = page.scannedTo;
      ahead = isLive || page.next === undefined ? undefined : askedAhead(read(position + 1));
      if (signal.aborted) return;
      if (page.events.length > 0) {
        checkpoint = page.events.at(-1)!.position;
        yield { kind: 'events', events: page.events, scannedTo: position };
      }
      if (position - checkpoint >= checkpointEvery) {
        checkpoint = position;
        yield { kind: 'checkpoint', position };
      }
    }
  } catch (error) {
    if (!(error instanceof LogClosed)) throw error;
  } finally {
    appended.stop();
  }
}
