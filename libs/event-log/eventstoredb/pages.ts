import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { AllStreamSubscription, ResolvedEvent, StreamingRead } from '@eventstore/db-client';
import { LogUnavailable } from '#libs/event-log/port/index.js';

/** Items per page at most. */
export const PAGE_ITEMS = 500;
/** For the client's streams: a page in memory, then HTTP/2 holds the server back. */
export const READABLE_OPTIONS = { highWaterMark: PAGE_ITEMS };

export interface PageOptions {
  /** Ends the server's side; leaving the iteration alone would leave that open for ever. */
  readonly end: () => Promise<void>;
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Longest silence of the server before the stream has failed; none when undefined. */
  readonly idleTimeoutMs?: number;
}

/**
 * Takes a client's stream page by page, as many items as have come in. Nothing is read while a page is with the reader
 * beyond what the stream buffers.
 *
 * @throws the client's errors, LogUnavailable after the idle timeout
 */
export async function* pagesOf<Item>(
  source: StreamingRead<ResolvedEvent> | AllStreamSubscription,
  options: PageOptions,
): AsyncGenerator<Item[]> {
  const { end, signal, idleTimeoutMs } = options;
  // The client's types describe the Readable of an older Node.
  const stream = source as unknown as Readable;
  // Stays after the end: what the client still reports of a stream that was left is no uncaught exception.
  stream.on('error', () => undefined);
  addAbortSignal(signal, stream);
  let page: Item[] = [];
  const silent = () => {
    stream.destroy(new LogUnavailable(`The event store said nothing for ${idleTimeoutMs} ms.`));
  };
  let timer: NodeJS.Timeout | undefined;
  const listen = () => {
    if (idleTimeoutMs !== undefined) timer = setTimeout(silent, idleTimeoutMs);
  };
  try {
    listen();
    for await (const item of stream as AsyncIterable<Item>) {
      timer?.refresh();
      page.push(item);
      // One turn for what came in the same packet, so that pages are worth their trip.
      if (stream.readableLength === 0 && page.length < PAGE_ITEMS) await turn();
      if (stream.readableLength > 0 && page.length < PAGE_ITEMS) continue;
      clearTimeout(timer);
      yield page;
      page = [];
      listen();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    end().catch(() => undefined);
  }
}
