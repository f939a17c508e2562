import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError } from '@eventstore/db-client';
import type { ReadPosition, ResolvedEvent, StreamingRead } from '@eventstore/db-client';
import { LogClosed, comparePositions, decodePosition } from '#libs/event-log/port/index.js';
import type {
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
} from '#libs/event-log/port/index.js';
import type { Connection } from './connection.js';
import { portError } from './errors.js';
import { matcherOf, recordedEventOf } from './events.js';
import type { ResolvedOptions } from './options.js';
import { READABLE_OPTIONS, pagesOf } from './pages.js';

export class Reads {
  constructor(
    private readonly connection: Connection,
    private readonly options: ResolvedOptions,
    /** Aborts when the event log closes. */
    private readonly closing: AbortSignal,
  ) {}

  /** @throws StreamTombstoned, LogUnavailable, LogClosed */
  async *stream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<readonly RecordedEvent[]> {
    const { direction = FORWARDS, limit } = options;
    const { from = direction === BACKWARDS ? END : START } = options;
    if (limit !== undefined && limit <= 0) return;
    const reading = this.connection.client.readStream(
      stream,
      { direction, fromRevision: typeof from === 'number' ? BigInt(from) : from, ...countOf(limit) },
      READABLE_OPTIONS,
    );
    try {
      yield* this.events(reading);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw portError(error, { stream });
    }
  }

  /** The client filters no read of $all, so it is done here. @throws LogUnavailable, LogClosed */
  async *all(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[]> {
    const { limit = Infinity } = options;
    if (limit <= 0) return;
    const matches = matcherOf(options.filter);
    let delivered = 0;
    for await (const events of this.unfiltered(options)) {
      const matching = events.filter(matches).slice(0, limit - delivered);
      delivered += matching.length;
      if (matching.length > 0) yield matching;
      if (delivered >= limit) return;
    }
  }

  /** Position of the last event of the log, system events included. @throws LogUnavailable, LogClosed */
  async lastPosition(): Promise<Position | undefined> {
    for await (const [last] of this.allFrom(END, BACKWARDS, 1)) return last?.position;
    return undefined;
  }

  private async *unfiltered(options: ReadAllOptions): AsyncGenerator<readonly RecordedEvent[]> {
    const { direction = FORWARDS } = options;
    const { from = direction === BACKWARDS ? END : START } = options;
    if (direction === FORWARDS || from === START || from === END) {
      yield* this.allFrom(from, direction);
      return;
    }
    // EventStoreDB reads $all backwards from *before* a position, the port from the event at it.
    for await (const [first] of this.allFrom(from, FORWARDS, 1)) {
      if (first?.position === from) yield [first];
    }
    for await (const events of this.allFrom(from, BACKWARDS)) {
      const before = events.filter((event) => comparePositions(event.position, from) < 0);
      if (before.length > 0) yield before;
    }
  }

  private async *allFrom(
    from: Position | typeof START | typeof END,
    direction: typeof FORWARDS | typeof BACKWARDS,
    limit?: number,
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const reading = this.connection.client.readAll(
      { direction, fromPosition: clientPositionOf(from), ...countOf(limit) },
      READABLE_OPTIONS,
    );
    try {
      yield* this.events(reading);
    } catch (error) {
      throw portError(error, { stream: '$all' });
    }
  }

  private async *events<Event extends ResolvedEvent>(
    reading: StreamingRead<Event>,
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const pages = pagesOf<Event>(reading, {
      signal: this.closing,
      idleTimeoutMs: this.options.readIdleTimeoutMs,
    });
    // Links are not asked to be resolved, so `event` is the event at the place, a link or not.
    for await (const page of pages) yield page.map(({ event }) => recordedEventOf(event!));
    if (this.closing.aborted) throw new LogClosed('The event log was closed during the read.');
  }
}

function countOf(limit: number | undefined): { readonly maxCount?: number } {
  return limit === undefined ? {} : { maxCount: limit };
}

export function clientPositionOf(position: Position | 'start' | 'end'): ReadPosition {
  return position === 'start' || position === 'end'
    ? (position as 'start' | 'end')
    : decodePosition(position as Position);
}
