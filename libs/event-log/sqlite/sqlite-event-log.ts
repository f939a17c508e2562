import {
  EventTooLarge,
  LogClosed,
  RevisionConflict,
  StreamTombstoned,
  decodePosition,
  encodePosition,
  type AppendOptions,
  type AppendResult,
  type EventFilter,
  type EventLog,
  type EventToAppend,
  type ExpectedRevision,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type StreamMetadata,
  type SubscribeOptions,
  type SubscriptionMessage,
} from '#libs/event-log/port/index.js';
import type { Ids } from '#libs/runtime/port/index.js';
import { askedAhead } from './asked-ahead.js';
import type {
  AllPage,
  AppendOutcome,
  LogEngine,
  LogEngineOptions,
  RawEventToAppend,
  RawFilter,
} from './engine-api.js';
import { openLogEngine, type EngineRuntime } from './engine.js';
import { followAll } from './follow-all.js';
import { recordedOf } from './recorded-event.js';
import { METADATA_TYPE, isSoftDeleted, metadataStreamOf, parseRetention } from './stream-metadata.js';

/** Events per page; with pages of 1 MiB at most, what one reader holds. */
const PAGE_EVENTS = 1_000;

export type EventLogRuntime = EngineRuntime & { readonly ids: Ids };

/** The EventLog port on the embedded engine. */
export class SqliteEventLog implements EventLog {
  constructor(
    private readonly engine: LogEngine,
    private readonly ids: Ids,
  ) {}

  /** @throws LogFileUnusable, LogDamaged, LogUnavailable */
  static async open(options: LogEngineOptions, runtime: EventLogRuntime): Promise<SqliteEventLog> {
    return new SqliteEventLog(await openLogEngine(options, runtime), runtime.ids);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    options: AppendOptions = {},
  ): Promise<AppendResult> {
    if (events.length === 0) throw new TypeError('An append needs at least one event.');
    const raw = events.map(rawOf);
    const outcome = await this.engine.append({
      stream,
      expected,
      events: raw,
      deadlineMs: options.deadlineMs,
    });
    if (outcome.kind !== 'ok') throw refusalOf(outcome, stream, expected);
    return { revision: outcome.revision, position: encodePosition(outcome.position) };
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const { direction = 'forwards', limit = Infinity } = options;
    let left = limit;
    let from: number | 'start' | 'end' | undefined =
      options.from ?? (direction === 'forwards' ? 'start' : 'end');
    while (from !== undefined && left > 0) {
      const page = await this.engine.readStream({
        stream,
        direction,
        from,
        limit: Math.min(left, PAGE_EVENTS),
      });
      if (page.kind === 'tombstoned') throw new StreamTombstoned(stream);
      if (page.kind === 'not-found') return;
      left -= page.events.length;
      from = page.next;
      if (page.events.length > 0) yield page.events.map(recordedOf);
    }
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[]> {
    const { direction = 'forwards', limit = Infinity } = options;
    const filter = rawFilterOf(options.filter);
    let left = limit;
    const read = (from: number | 'start' | 'end'): Promise<AllPage> | undefined =>
      left > 0
        ? askedAhead(this.engine.readAll({ direction, from, filter, limit: Math.min(left, PAGE_EVENTS) }))
        : undefined;
    // The next page is read as the caller works on this one.
    let ahead = read(numberOf(options.from ?? (direction === 'forwards' ? 'start' : 'end')));
    while (ahead) {
      const page: AllPage = await ahead;
      left -= page.events.length;
      ahead = page.next === undefined ? undefined : read(page.next);
      if (page.events.length > 0) yield page.events.map(recordedOf);
    }
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage> {
    if (this.engine.isClosed()) throw new LogClosed('The event log is closed.');
    return messagesOf(
      followAll(this.engine, {
        after: numberOf(options.after),
        filter: rawFilterOf(options.filter),
        signal: options.signal,
        pageSize: PAGE_EVENTS,
      }),
    );
  }

  async lastPosition(): Promise<Position | undefined> {
    if (this.engine.isClosed()) throw new LogClosed('The event log is closed.');
    const last = this.engine.lastPosition();
    return last === 0 ? undefined : encodePosition(last);
  }

  async streamMetadata(stream: string): Promise<StreamMetadata> {
    const page = await this.engine.readStream({
      stream: metadataStreamOf(stream),
      direction: 'backwards',
      from: 'end',
      limit: 1,
    });
    const event = page.kind === 'page' ? page.events[0] : undefined;
    if (!event) return {};
    const retention = parseRetention(Buffer.from(event.data).toString('utf8'));
    return {
      ...(retention.maxCount === undefined ? {} : { maxCount: retention.maxCount }),
      ...(retention.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: retention.maxAgeSeconds }),
      ...(retention.truncateBefore === undefined || isSoftDeleted(retention)
        ? {}
        : { truncateBefore: retention.truncateBefore }),
    };
  }

  async setStreamMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    const data = {
      $maxCount: metadata.maxCount,
      $maxAge: metadata.maxAgeSeconds,
      $tb: metadata.truncateBefore,
    };
    const event: RawEventToAppend = {
      id: this.ids.next(),
      type: METADATA_TYPE,
      contentType: 'json',
      data: JSON.stringify(data),
      metadata: '',
    };
    const name = metadataStreamOf(stream);
    const outcome = await this.engine.append({ stream: name, expected: 'any', events: [event] });
    if (outcome.kind !== 'ok') throw refusalOf(outcome, stream, 'any');
  }

  async deleteStream(stream: string, expected: ExpectedRevision): Promise<void> {
    const outcome = await this.engine.deleteStream(stream, expected);
    if (outcome.kind !== 'ok') throw refusalOf(outcome, stream, expected);
  }

  async tombstoneStream(stream: string, expected: ExpectedRevision): Promise<void> {
    const outcome = await this.engine.tombstoneStream(stream, expected);
    if (outcome.kind !== 'ok') throw refusalOf(outcome, stream, expected);
  }

  ping(): Promise<void> {
    return this.engine.ping();
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

async function* messagesOf(follow: ReturnType<typeof followAll>): AsyncGenerator<SubscriptionMessage> {
  for await (const message of follow) {
    switch (message.kind) {
      case 'events':
        yield { kind: 'events', events: message.events.map(recordedOf) };
        break;
      case 'checkpoint':
        yield { kind: 'checkpoint', position: encodePosition(message.position) };
        break;
      case 'caught-up':
        yield { kind: 'caught-up' };
        break;
      case 'fell-behind':
        break;
      default:
        message satisfies never;
    }
  }
}

function rawOf({ id, type, data, metadata, json }: EventToAppend): RawEventToAppend {
  if (json) return { id, type, contentType: 'json', ...json, parsed: { data, metadata } };
  return { id, type, contentType: 'json', data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
}

function refusalOf(
  outcome: Exclude<AppendOutcome, { kind: 'ok' }>,
  stream: string,
  expected: ExpectedRevision,
): Error {
  switch (outcome.kind) {
    case 'conflict':
      return new RevisionConflict(stream, expected, outcome.actual);
    case 'deleted':
      return new RevisionConflict(stream, expected, 'no-stream');
    case 'tombstoned':
      return new StreamTombstoned(stream);
    case 'too-large':
      return new EventTooLarge(outcome.sizeBytes, outcome.limitBytes);
    default:
      return outcome satisfies never;
  }
}

function numberOf(place: Position | 'start' | 'end'): number | 'start' | 'end' {
  if (place === 'start') return 'start';
  return place === 'end' ? 'end' : Number(decodePosition(place as Position).commit);
}

function rawFilterOf(filter: EventFilter | undefined): RawFilter {
  return {
    excludeSystemStreams: true,
    excludeSystemTypes: true,
    streamPrefixes: filter?.streamPrefixes,
    types: filter?.types,
  };
}
