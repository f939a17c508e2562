import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { AllStreamSubscription, ResolvedEvent, StreamingRead } from '@eventstore/db-client';
import { LogUnavailable } from '#libs/event-log/port/index.js';

/** Items per page at most. */
const PAGE_ITEMS = 500;
/** For the client's streams: a page in memory, then HTTP/2 holds the server back. */
export const READABLE_OPTIONS = { highWaterMark: PAGE_ITEMS };

export interface PageOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Longest silence of the server before the stream has failed; none when undefined. */
  readonly idleTimeoutMs?: number;
}

/**
 * Takes a client's stream page by page, as many items as have come in. While a page is with the reader, the stream
 * buffers another one at most.
 *
 * @throws the client's errors, LogUnavailable after the idle timeout
 */
export async function* pagesOf<Item>(
  source: StreamingRead<ResolvedEvent> | AllStreamSubscription,
  { signal, idleTimeoutMs }: PageOptions,
): AsyncGenerator<Item[]> {
  // The client's types describe the Readable of an older Node.
  const stream = source as unknown as Readable;
  // Stays after the end: what the client still reports of a stream that was left is no uncaught exception.
  stream.on('error', () => undefined);
  const end = () => void ('cancel' in source ? source.cancel() : source.unsubscribe()).catch(() => undefined);
  signal.addEventListener('abort', end);
  let timer: NodeJS.Timeout | undefined;
  const expectMore = () => {
    if (idleTimeoutMs === undefined) return;
    const silence = new LogUnavailable(`The event store said nothing for ${idleTimeoutMs} ms.`);
    timer = setTimeout(() => stream.destroy(silence), idleTimeoutMs);
  };
  try {
    if (signal.aborted) return;
    let page: Item[] = [];
    expectMore();
    for await (const item of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Item>) {
      if (signal.aborted) return;
      timer?.refresh();
      page.push(item);
      // One turn for what came in the same packet, so that pages are worth their trip.
      if (stream.readableLength === 0 && page.length < PAGE_ITEMS) await turn();
      if (stream.readableLength > 0 && page.length < PAGE_ITEMS) continue;
      clearTimeout(timer);
      yield page;
      page = [];
      expectMore();
    }
    if (page.length > 0) yield page;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    // Cancelled, but not destroyed: of a destroyed stream the client would never see the end it waits for.
    end();
  }
}
