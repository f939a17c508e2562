import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type AppendResult,
  type EventLog,
  type EventToAppend,
  type ExpectedRevision,
  type Position,
  type ReadStreamOptions,
  type RecordedEvent,
  type StreamMetadata,
  type SubscribeOptions,
  type SubscriptionMessage,
  encodePosition,
} from '#libs/event-log/port/index.js';
import { once } from 'node:events';

/**
 * Baseline: an event store without work. An append is acknowledged on the next turn of the event loop and kept in memory,
 * just so that a stream that fell out of a cache can be read again; nothing is written, and subscribers are given nothing.
 * Not an adapter: revisions are trusted, and nothing survives the process.
 */
export class NoopEventLog implements EventLog {
  readonly #streams = new Map<string, RecordedEvent[]>();
  #position = 0;

  async append(
    stream: string,
    _expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    const recorded = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, recorded);
    for (const event of events) {
      this.#position += 1;
      const position = encodePosition(this.#position);
      recorded.push({
        ...event,
        stream,
        revision: recorded.length,
        position,
        recordedAt: '2026-09-01T08:00:00.000Z',
      });
    }
    await nextTurn();
    return { revision: recorded.length - 1, position: encodePosition(this.#position) };
  }

  /** Drops the streams of these categories, which nobody will read again, so that rounds do not grow into each other. */
  forget(categories: readonly string[]): void {
    for (const stream of this.#streams.keys())
      if (categories.includes(stream.slice(0, stream.indexOf('-')))) this.#streams.delete(stream);
  }

  async *readStream(
    stream: string,
    { from = 'start', limit }: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const start = typeof from === 'number' ? from : 0;
    const page = (this.#streams.get(stream) ?? []).slice(
      start,
      limit === undefined ? undefined : start + limit,
    );
    if (page.length > 0) yield page;
  }

  async *readAll(): AsyncGenerator<readonly RecordedEvent[]> {
    // Nothing: consumers have nothing to catch up with.
  }

  async *subscribe({ signal }: SubscribeOptions): AsyncGenerator<SubscriptionMessage> {
    yield { kind: 'caught-up' };
    if (!signal.aborted) await once(signal, 'abort');
  }

  async lastPosition(): Promise<Position | undefined> {
    return this.#position === 0 ? undefined : encodePosition(this.#position);
  }

  async streamMetadata(): Promise<StreamMetadata> {
    return {};
  }
  async setStreamMetadata(): Promise<void> {
    // Nothing is kept for streams.
  }
  async deleteStream(): Promise<void> {
    throw new Error('The benchmark deletes nothing.');
  }
  async tombstoneStream(): Promise<void> {
    throw new Error('The benchmark deletes nothing.');
  }
  async ping(): Promise<void> {
    // Always there.
  }
  async close(): Promise<void> {
    this.#streams.clear();
  }
}
