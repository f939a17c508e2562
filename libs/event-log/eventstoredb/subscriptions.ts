import { setTimeout as pause } from 'node:timers/promises';
import { eventTypeFilter, excludeSystemEvents, streamNameFilter } from '@eventstore/db-client';
import type { AllStreamResolvedEvent, Filter } from '@eventstore/db-client';
import { comparePositions, encodePosition } from '#libs/event-log/port/index.js';
import type {
  EventFilter,
  Position,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionMessage,
} from '#libs/event-log/port/index.js';
import type { Connection } from './connection.js';
import { portError } from './errors.js';
import { matcherOf, recordedEventOf } from './events.js';
import type { ResolvedOptions } from './options.js';
import { READABLE_OPTIONS, pagesOf } from './pages.js';
import { clientPositionOf } from './reads.js';
import type { Reads } from './reads.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** The server says how far it is after so many events that did not match: search window × interval. */
const CHECKPOINTS = { maxSearchWindow: 500, checkpointInterval: 2 };

/** What the client reports beside events. */
type Report = { readonly kind: 'checkpoint'; readonly position: Position } | { readonly kind: 'caught-up' };
type Item = AllStreamResolvedEvent | Report;

/**
 * Catch-up subscriptions under supervision: the client never resubscribes by itself, so a lost stream is replaced by one
 * that starts after the last position delivered. Nothing is left out and nothing comes twice.
 */
export class Subscriptions {
  constructor(
    private readonly connection: Connection,
    private readonly reads: Reads,
    private readonly options: ResolvedOptions,
  ) {}

  async *subscribe(options: SubscribeOptions): AsyncGenerator<SubscriptionMessage> {
    const { signal, filter } = options;
    let { after } = options;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        // A subscription from `end` that broke before its first event would otherwise miss what came in between.
        if (after === 'end') after = (await this.reads.lastPosition()) ?? 'start';
        for await (const message of this.once(after, filter, signal)) {
          pauseMs = FIRST_PAUSE_MS;
          if (message.kind === 'checkpoint') {
            // The server may report a place this subscription has already passed.
            if (after !== 'start' && comparePositions(message.position, after) <= 0) continue;
            after = message.position;
          }
          if (message.kind === 'events') after = message.events.at(-1)!.position;
          yield message;
        }
        if (signal.aborted) return;
        throw new Error('The server ended the subscription.');
      } catch (error) {
        if (signal.aborted) return;
        this.options.onSubscriptionDropped(portError(error, { stream: '$all' }), pauseMs);
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** One subscription of the client, until it breaks. @throws the client's errors */
  private async *once(
    after: Position | 'start',
    filter: EventFilter | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<SubscriptionMessage> {
    // Reports go into the stream itself, for their place among the events that wait there is what they mean.
    const report = (item: Report) => void subscription.push(item);
    const subscription = this.connection.client.subscribeToAll(
      {
        fromPosition: clientPositionOf(after),
        filter: {
          ...serverFilterOf(filter),
          checkpointReached: (_, { commit, prepare }) =>
            report({ kind: 'checkpoint', position: encodePosition(commit, prepare) }),
        },
      },
      READABLE_OPTIONS,
    );
    subscription.on('caughtUp', () => report({ kind: 'caught-up' }));
    const pages = pagesOf<Item>(subscription, { signal });
    const matches = matcherOf(filter);
    for await (const page of pages) yield* messagesOf(page, matches);
  }
}

/** The server's part of the filter: types when given, for they select most; else stream prefixes; else "no system events". */
function serverFilterOf(filter: EventFilter | undefined): Filter {
  if (filter?.types?.length) {
    const regex = `^(?:${filter.types.map(escapeRegex).join('|')})$`;
    return eventTypeFilter({ regex, ...CHECKPOINTS });
  }
  if (filter?.streamPrefixes?.length) {
    return streamNameFilter({ prefixes: [...filter.streamPrefixes], ...CHECKPOINTS });
  }
  return excludeSystemEvents(CHECKPOINTS);
}

/** Escapes what is special in both ECMAScript's and .NET's regular expressions. */
function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Does the rest of the filter. Where it leaves events out, a checkpoint says so, as the server does for what it leaves out. */
function* messagesOf(
  page: readonly Item[],
  matches: (event: RecordedEvent) => boolean,
): Generator<SubscriptionMessage> {
  let events: RecordedEvent[] = [];
  let leftOut: Position | undefined;
  function* gathered(): Generator<SubscriptionMessage> {
    if (events.length > 0) yield { kind: 'events', events };
    if (leftOut !== undefined) yield { kind: 'checkpoint', position: leftOut };
    events = [];
    leftOut = undefined;
  }
  for (const item of page) {
    if ('kind' in item) {
      yield* gathered();
      yield item;
      continue;
    }
    const event = recordedEventOf(item.event!);
    if (matches(event)) events.push(event);
    leftOut = matches(event) ? undefined : event.position;
  }
  yield* gathered();
}
