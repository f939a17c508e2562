import { comparePositions } from '#libs/event-log/port/index.js';
import type {
  EventFilter,
  Position,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionMessage,
} from '#libs/event-log/port/index.js';
import type { Connection } from './connection.js';
import { portError } from './errors.js';
import { matcherOf, serverFilterOf } from './filters.js';
import type { ResolvedOptions } from './options.js';
import { pagesOf } from './pages.js';
import type { Reads } from './reads.js';
import { sleep } from './sleep.js';
import { encodeReadRequest } from './wire/read-request.js';
import type { ReadResponse } from './wire/read-response.js';

/** Events per message, and what is buffered at most per subscription. */
const PAGE_EVENTS = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Events dropped on this side before a checkpoint says so, as the server does for what it drops. */
const DROPPED_PER_CHECKPOINT = 1_000;

/**
 * Catch-up subscriptions under supervision: the client never resubscribes by itself, so a lost stream is replaced by one
 * that starts after the last position dealt with. Nothing is left out and nothing comes twice.
 */
export class Subscriptions {
  constructor(
    private readonly connection: Connection,
    private readonly reads: Reads,
    private readonly options: ResolvedOptions,
  ) {}

  async *subscribe(options: SubscribeOptions): AsyncGenerator<SubscriptionMessage> {
    const { signal, filter } = options;
    let pauseMs = FIRST_PAUSE_MS;
    let after: Position | 'start' | 'end' = options.after;
    while (!signal.aborted) {
      try {
        // A subscription from `end` that broke before its first event would otherwise miss what came in between.
        if (after === 'end') after = (await this.reads.lastPosition()) ?? 'start';
        const progress = new Progress(after, filter);
        try {
          for await (const responses of this.follow(after, filter, signal)) {
            pauseMs = FIRST_PAUSE_MS;
            yield* progress.messagesOf(responses);
          }
        } finally {
          after = progress.position;
        }
        if (signal.aborted) return;
        throw new Error('The server ended the subscription.');
      } catch (error) {
        if (signal.aborted) return;
        this.options.onSubscriptionDropped(portError(error, '$all'), pauseMs);
      }
      await sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  private follow(
    after: Position | 'start',
    filter: EventFilter | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ReadResponse[]> {
    const request = encodeReadRequest({
      source: { all: true, from: after, filter: serverFilterOf(filter) },
      subscription: true,
    });
    return pagesOf(this.connection.openRead(request), { capacity: PAGE_EVENTS, signal });
  }
}

/** Turns items into messages and remembers how far the subscription got, delivered or dropped. */
class Progress {
  private readonly matches: (stream: string, type: string) => boolean;
  private dropped = 0;

  constructor(
    public position: Position | 'start',
    filter: EventFilter | undefined,
  ) {
    this.matches = matcherOf(filter);
  }

  *messagesOf(responses: readonly ReadResponse[]): Generator<SubscriptionMessage> {
    let events: RecordedEvent[] = [];
    for (const response of responses) {
      if (response.kind === 'event' && this.matches(response.event.stream, response.event.type)) {
        events.push(response.event);
        continue;
      }
      if (events.length > 0) yield this.deliver(events);
      events = [];
      if (response.kind === 'event') this.drop(response.event);
      else if (response.kind === 'checkpoint') yield* this.checkpoint(response.position);
      else if (response.kind === 'caught-up') yield* this.caughtUp();
    }
    if (events.length > 0) yield this.deliver(events);
    if (this.dropped >= DROPPED_PER_CHECKPOINT) yield* this.flushDropped();
  }

  private drop(event: RecordedEvent): void {
    this.position = event.position;
    this.dropped += 1;
  }

  private deliver(events: readonly RecordedEvent[]): SubscriptionMessage {
    this.position = events.at(-1)!.position;
    this.dropped = 0;
    return { kind: 'events', events };
  }

  private *checkpoint(position: Position): Generator<SubscriptionMessage> {
    // The server may report a place this subscription has already passed.
    if (this.position !== 'start' && comparePositions(position, this.position) <= 0) return;
    this.position = position;
    this.dropped = 0;
    yield { kind: 'checkpoint', position };
  }

  private *caughtUp(): Generator<SubscriptionMessage> {
    yield* this.flushDropped();
    yield { kind: 'caught-up' };
  }

  private *flushDropped(): Generator<SubscriptionMessage> {
    if (this.dropped === 0 || this.position === 'start') return;
    this.dropped = 0;
    yield { kind: 'checkpoint', position: this.position };
  }
}
