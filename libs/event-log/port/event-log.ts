/**
 * EventLog: the port behind which streams of events live. Three doors implement it (embedded SQLite engine, EventStoreDB
 * client, and that client against our own event node); one contract suite in libs/testing/contracts holds them to this page.
 *
 * Terms are EventStoreDB's: a stream has revisions from 0; the log has positions; `$all` is every stream in log order.
 */

/** JSON as stored. Numbers never carry money: amounts are strings of minor units. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * A place in the log. Opaque, not dense: compare only with `comparePositions`, never compute with it.
 */
export type Position = string & { readonly __brand: 'Position' };

/** The revision a stream must have for an append to succeed: its last event's revision, or `no-stream`. */
export type ExpectedRevision = number | 'no-stream' | 'stream-exists' | 'any';

export interface EventToAppend {
  /** UUID. The same id at the same expected revision makes an identical retry harmless. */
  readonly id: string;
  /** Stored type with version, `BillIssued.v1`. */
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  /** `data` and `metadata` as JSON text, where the caller has written them already: spares the log writing them again. */
  readonly json?: { readonly data: string; readonly metadata: string };
}

export interface RecordedEvent extends Omit<EventToAppend, 'json'> {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** When the log recorded it, RFC 3339 UTC. Business time is in the metadata (`at`), not here. */
  readonly recordedAt: string;
}

export interface AppendResult {
  /** Revision of the last event appended. */
  readonly revision: number;
  readonly position: Position;
}

export interface AppendOptions {
  /** Default 5,000. Past it the outcome is unknown (`AppendOutcomeUnknown`); retry the identical append. */
  readonly deadlineMs?: number;
}

export interface ReadStreamOptions {
  /** Inclusive. Default `start` forwards, `end` backwards. */
  readonly from?: number | 'start' | 'end';
  readonly direction?: 'forwards' | 'backwards';
  /** At most so many events; default: all of them. */
  readonly limit?: number;
}

/** Both conditions must hold when both are given; an empty or missing list means "any". System streams and system events (`$…` names and types) are never delivered. */
export interface EventFilter {
  readonly streamPrefixes?: readonly string[];
  /** Stored types, exact: `BillIssued.v1`. */
  readonly types?: readonly string[];
}

export interface ReadAllOptions {
  /** Inclusive. Default `start` forwards, `end` backwards. */
  readonly from?: Position | 'start' | 'end';
  readonly direction?: 'forwards' | 'backwards';
  readonly limit?: number;
  readonly filter?: EventFilter;
}

export interface SubscribeOptions {
  /** Exclusive: the first event delivered is the one after. `end` delivers only what comes from now on. */
  readonly after: Position | 'start' | 'end';
  readonly filter?: EventFilter;
  /** Ends the subscription; the iteration then finishes without an error. */
  readonly signal: AbortSignal;
}

/**
 * - `events`: at least one event, in log order.
 * - `checkpoint`: nothing that matches lies up to `position`; store it, so that a restart need not read that far again.
 * - `caught-up`: everything in the log has been delivered; repeats after each falling behind.
 */
export type SubscriptionMessage =
  | { readonly kind: 'events'; readonly events: readonly RecordedEvent[] }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caught-up' };

export interface StreamMetadata {
  readonly maxCount?: number;
  readonly maxAgeSeconds?: number;
  /** Events below this revision are gone. */
  readonly truncateBefore?: number;
}

export interface EventLog {
  /**
   * Appends all the events or none. Resolves only when they are durable.
   *
   * @throws RevisionConflict     the stream is not at the expected revision; nothing was stored
   * @throws StreamTombstoned     the stream was deleted for good; nothing was stored
   * @throws EventTooLarge        over 1 MiB in one append; nothing was stored
   * @throws LogOverloaded        the queue is full; nothing was stored, try later
   * @throws AppendOutcomeUnknown deadline or lost connection: it may or may not be stored; retry identically
   * @throws LogClosed            after `close()`
   */
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    options?: AppendOptions,
  ): Promise<AppendResult>;

  /**
   * Yields pages (never empty) in order. A stream that does not exist, or was soft-deleted, yields nothing.
   *
   * @throws StreamTombstoned, LogUnavailable, LogClosed
   */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]>;

  /** Yields pages (never empty) over every stream. @throws LogUnavailable, LogClosed */
  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]>;

  /**
   * Catch-up subscription over `$all`: what is stored, then what comes. Survives a lost connection by resuming from
   * the last position delivered. Slow readers exert back-pressure; buffers are bounded.
   *
   * @throws LogClosed
   */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage>;

  /** The position of the last event in the log, or `undefined` when it is empty. @throws LogUnavailable, LogClosed */
  lastPosition(): Promise<Position | undefined>;

  streamMetadata(stream: string): Promise<StreamMetadata>;
  setStreamMetadata(stream: string, metadata: StreamMetadata): Promise<void>;

  /** Soft delete: the events are gone, the numbering goes on with the next append. @throws RevisionConflict, StreamTombstoned */
  deleteStream(stream: string, expected: ExpectedRevision): Promise<void>;
  /** Hard delete: the name can never be used again. @throws RevisionConflict, StreamTombstoned */
  tombstoneStream(stream: string, expected: ExpectedRevision): Promise<void>;

  /** Ready to take appends. Cheap enough for a readiness probe. @throws LogUnavailable, LogClosed */
  ping(): Promise<void>;

  /** Lets appends under way become durable, ends subscriptions, releases the store. Idempotent. */
  close(): Promise<void>;
}
