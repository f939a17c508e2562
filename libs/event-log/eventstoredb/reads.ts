import { LogClosed, comparePositions } from '#libs/event-log/port/index.js';
import type {
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
} from '#libs/event-log/port/index.js';
import type { Connection } from './connection.js';
import { portError } from './errors.js';
import { matcherOf, serverFilterOf } from './filters.js';
import type { ResolvedOptions } from './options.js';
import { pagesOf } from './pages.js';
import { encodeReadRequest } from './wire/read-request.js';
import type { ReadRequest, ServerFilter } from './wire/read-request.js';

/** Events per page at most, and what a read holds. */
const PAGE_EVENTS = 500;

export class Reads {
  constructor(
    private readonly connection: Connection,
    private readonly options: ResolvedOptions,
    /** Aborts when the event log closes. */
    private readonly closing: AbortSignal,
  ) {}

  /** @throws StreamTombstoned, LogUnavailable, LogClosed */
  async *stream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<readonly RecordedEvent[]> {
    const backwards = options.direction === 'backwards';
    if (options.limit !== undefined && options.limit <= 0) return;
    try {
      yield* this.events({
        source: { stream, from: options.from ?? (backwards ? 'end' : 'start') },
        backwards,
        count: options.limit,
      });
    } catch (error) {
      throw portError(error, stream);
    }
  }

  /** @throws LogUnavailable, LogClosed */
  async *all(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[]> {
    const limit = options.limit ?? Infinity;
    if (limit <= 0) return;
    const matches = matcherOf(options.filter);
    let delivered = 0;
    try {
      for await (const events of this.serverFiltered(options)) {
        const matching = events
          .filter((event) => matches(event.stream, event.type))
          .slice(0, limit - delivered);
        delivered += matching.length;
        if (matching.length > 0) yield matching;
        if (delivered >= limit) return;
      }
    } catch (error) {
      throw portError(error, '$all');
    }
  }

  /** Position of the last event of the log, system events included. @throws LogUnavailable, LogClosed */
  async lastPosition(): Promise<Position | undefined> {
    try {
      for await (const [last] of this.events({
        source: { all: true, from: 'end' },
        backwards: true,
        count: 1,
      })) {
        return last?.position;
      }
      return undefined;
    } catch (error) {
      throw portError(error, '$all');
    }
  }

  private async *serverFiltered(options: ReadAllOptions): AsyncGenerator<readonly RecordedEvent[]> {
    const backwards = options.direction === 'backwards';
    const filter = serverFilterOf(options.filter);
    const from = options.from ?? (backwards ? 'end' : 'start');
    if (!backwards || from === 'start' || from === 'end') {
      yield* this.events({ source: { all: true, from, filter }, backwards });
      return;
    }
    yield* this.backwardsFrom(from, filter);
  }

  /** EventStoreDB reads $all backwards from *before* a position, the port from the event at it. */
  private async *backwardsFrom(
    from: Position,
    filter: ServerFilter,
  ): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const [first] of this.events({ source: { all: true, from }, count: 1 })) {
      if (first?.position === from) yield [first];
    }
    for await (const events of this.events({ source: { all: true, from, filter }, backwards: true })) {
      const before = events.filter((event) => comparePositions(event.position, from) < 0);
      if (before.length > 0) yield before;
    }
  }

  private async *events(request: ReadRequest): AsyncGenerator<readonly RecordedEvent[]> {
    const pages = pagesOf(this.connection.openRead(encodeReadRequest(request)), {
      capacity: PAGE_EVENTS,
      idleTimeoutMs: this.options.readIdleTimeoutMs,
      signal: this.closing,
    });
    for await (const responses of pages) {
      const events: RecordedEvent[] = [];
      // A stream that is not there is an empty one.
      for (const response of responses) if (response.kind === 'event') events.push(response.event);
      if (events.length > 0) yield events;
    }
    if (this.closing.aborted) throw new LogClosed('The event log was closed during the read.');
  }
}
