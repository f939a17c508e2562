/**
 * The EventLog port in memory: for quick specs and as the reading of the port that needs no engine. Events are kept as JSON
 * text and parsed at each read, so that nobody shares objects with the log.
 */
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import type { Clock } from '#libs/runtime/port/index.js';
import {
  type AppendResult,
  type EventFilter,
  type EventLog,
  type EventToAppend,
  EventTooLarge,
  type ExpectedRevision,
  LogClosed,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  RevisionConflict,
  type StreamMetadata,
  type SubscribeOptions,
  type SubscriptionMessage,
  encodePosition,
} from '#libs/event-log/port/index.js';
import { followMemoryLog } from './memory-event-log-subscription.js';
import { copyOfEvent, MemoryStream, type StoredEvent } from './memory-event-log-stream.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const APPEND_LIMIT_BYTES = 1_048_576;
/** Positions are not dense, as in the real doors; nobody may compute with them. */
const POSITION_STEP = 16;

export interface MemoryEventLogOptions {
  /** Default: a clock that moves one millisecond with each append, from 2026-09-01. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Events per page of reads and subscriptions; default 256. */
  readonly pageSize?: number;
}

export class MemoryEventLog implements EventLog {
  readonly #streams = new Map<string, MemoryStream>();
  readonly #all: StoredEvent[] = [];
  readonly #wakeUps = new Set<() => void>();
  readonly #pageSize: number;
  readonly #now: () => string;
  #closed = false;

  constructor(options: MemoryEventLogOptions = {}) {
    this.#pageSize = options.pageSize ?? 256;
    let ticking = parseInstant('2026-09-01T00:00:00.000Z');
    this.#now = options.clock ? () => options.clock!.now() : () => (ticking = addMs(ticking, 1));
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    this.#assertOpen();
    if (events.length === 0) throw new TypeError('An append needs at least one event.');
    for (const { id } of events) if (!UUID.test(id)) throw new TypeError(`"${id}" is not a UUID.`);
    const target = this.#streams.get(stream) ?? new MemoryStream(stream);
    target.assertAlive();
    const texts = events.map(
      (event) => [JSON.stringify(event.data), JSON.stringify(event.metadata)] as const,
    );
    assertSize(events, texts);
    const earlier = target.earlierResult(expected, events);
    if (earlier) return earlier;
    target.assertRevision(expected);
    this.#streams.set(stream, target);
    const recordedAt = this.#now();
    for (const [index, event] of events.entries()) {
      const stored: StoredEvent = {
        stream,
        id: event.id.toLowerCase(),
        type: event.type,
        dataText: texts[index]![0],
        metadataText: texts[index]![1],
        revision: target.nextRevision,
        order: this.#all.length,
        position: encodePosition((this.#all.length + 1) * POSITION_STEP),
        recordedAt,
      };
      target.push(stored);
      this.#all.push(stored);
    }
    for (const wake of this.#wakeUps) wake();
    return { revision: target.lastRevision, position: target.lastPosition() };
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    this.#assertOpen();
    const source = this.#streams.get(stream);
    if (!source) return;
    source.assertAlive();
    const backwards = options.direction === 'backwards';
    const from = options.from ?? (backwards ? 'end' : 'start');
    let visible = source.visible(this.#now());
    if (backwards) visible = visible.toReversed();
    if (typeof from === 'number') {
      visible = visible.filter((event) => (backwards ? event.revision <= from : event.revision >= from));
    } else if (from === 'start' && backwards) {
      visible = visible.slice(-1);
    } else if (from === 'end' && !backwards) {
      visible = [];
    }
    yield* this.#pages(visible, options.limit);
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly RecordedEvent[]> {
    this.#assertOpen();
    const backwards = options.direction === 'backwards';
    const from = options.from ?? (backwards ? 'end' : 'start');
    const matches = matcher(options.filter);
    let events = this.#all.filter(matches);
    if (backwards) events.reverse();
    if (from !== 'start' && from !== 'end') {
      const order = orderOf(from);
      events = events.filter((event) => (backwards ? event.order <= order : event.order >= order));
    } else if ((from === 'end') !== backwards) {
      events = [];
    }
    yield* this.#pages(events, options.limit);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage> {
    this.#assertOpen();
    const { after } = options;
    const next = after === 'start' ? 0 : after === 'end' ? this.#all.length : Math.floor(orderOf(after)) + 1;
    return followMemoryLog({
      events: this.#all,
      next,
      matches: matcher(options.filter),
      pageSize: this.#pageSize,
      signal: options.signal,
      isClosed: () => this.#closed,
      wakeUps: this.#wakeUps,
    });
  }

  async lastPosition(): Promise<Position | undefined> {
    this.#assertOpen();
    return this.#all.at(-1)?.position;
  }

  async streamMetadata(stream: string): Promise<StreamMetadata> {
    this.#assertOpen();
    return this.#streams.get(stream)?.metadata ?? {};
  }

  async setStreamMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    this.#assertOpen();
    const target = this.#streams.get(stream) ?? new MemoryStream(stream);
    target.assertAlive();
    this.#streams.set(stream, target);
    target.metadata = metadata;
  }

  async deleteStream(stream: string, expected: ExpectedRevision): Promise<void> {
    this.#assertOpen();
    const target = this.#streams.get(stream);
    if (!target) throw new RevisionConflict(stream, expected, 'no-stream');
    target.assertAlive();
    target.assertRevision(expected);
    target.deleteSoftly();
  }

  async tombstoneStream(stream: string, expected: ExpectedRevision): Promise<void> {
    this.#assertOpen();
    const target = this.#streams.get(stream) ?? new MemoryStream(stream);
    target.assertAlive();
    target.assertRevision(expected);
    this.#streams.set(stream, target);
    target.tombstoned = true;
  }

  async ping(): Promise<void> {
    this.#assertOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#wakeUps) wake();
  }

  *#pages(
    events: readonly StoredEvent[],
    limit = Number.POSITIVE_INFINITY,
  ): Generator<readonly RecordedEvent[]> {
    const count = Math.min(events.length, limit);
    for (let start = 0; start < count; start += this.#pageSize) {
      this.#assertOpen();
      yield events.slice(start, Math.min(start + this.#pageSize, count)).map(copyOfEvent);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new LogClosed('The event log is closed.');
  }
}

/** Place in `#all` of a position; a position between two events gives a fraction between their places. */
function orderOf(position: Position): number {
  return Number(position.split('/')[0]) / POSITION_STEP - 1;
}

function matcher(filter: EventFilter = {}): (event: StoredEvent) => boolean {
  const types = filter.types?.length ? new Set(filter.types) : undefined;
  const prefixes = filter.streamPrefixes?.length ? filter.streamPrefixes : undefined;
  return ({ stream, type }) =>
    !stream.startsWith('$') &&
    (types?.has(type) ?? true) &&
    (prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);
}

function assertSize(events: readonly EventToAppend[], texts: readonly (readonly [string, string])[]): void {
  let sizeBytes = 0;
  for (const [index, event] of events.entries()) {
    const [data, metadata] = texts[index]!;
    sizeBytes += Buffer.byteLength(event.type) + Buffer.byteLength(data) + Buffer.byteLength(metadata);
  }
  if (sizeBytes > APPEND_LIMIT_BYTES) throw new EventTooLarge(sizeBytes, APPEND_LIMIT_BYTES);
}
