/**
 * LogEngine: the embedded event log below both doors, with raw payloads. `SqliteEventLog` puts the EventLog port on it,
 * apps/event-node the EventStoreDB gRPC protocol.
 *
 * Everything is asynchronous; no method does file I/O on the calling thread. Errors that concern the whole engine reject
 * with the port's errors (libs/event-log/port/errors.ts): LogOverloaded, LogUnavailable, LogDamaged, LogClosed, and for
 * appends AppendOutcomeUnknown. Whatever EventStoreDB would answer to one request is an outcome value instead.
 */
import type { ExpectedRevision, JsonObject } from '#libs/event-log/port/index.js';

export type ContentType = 'json' | 'binary';

/** Payloads go in as bytes or as text; text is written as UTF-8 straight into the outgoing frame, without a copy between. */
export interface RawEventToAppend {
  /** UUID as text, any case. */
  readonly id: string;
  readonly type: string;
  readonly contentType: ContentType;
  readonly data: Uint8Array | string;
  readonly metadata: Uint8Array | string;
  /** The values that `data` and `metadata` are the JSON of, where the caller has them: followers need not parse then. */
  readonly parsed?: { readonly data: JsonObject; readonly metadata: JsonObject };
}

/** Fields are taken out of the page's buffer when asked for: copy them one by one, a spread (`{ ...event }`) finds none. */
export interface RawEvent {
  /** UUID as text, lower case. */
  readonly id: string;
  readonly type: string;
  readonly contentType: ContentType;
  /** A view into the page's buffer: holding one event keeps its page in memory. Copy what you keep for long. */
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  readonly stream: string;
  /** `TOMBSTONE_REVISION` for the `$streamDeleted` event that ends a tombstoned stream. */
  readonly revision: number;
  /** From 1, growing by one with each event of the log. */
  readonly position: number;
  /** Unix epoch, ms. EventStoreDB's `created` is this × 10,000 (ticks of 100 ns), as text. */
  readonly recordedAtMs: number;
}

/** Revision of the event that ends a tombstoned stream; EventStoreDB writes int64's largest there. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;
/** `$tb` of a soft-deleted stream, as EventStoreDB writes it; beyond 2^53, so only ever compared as "at least 2^53". */
export const SOFT_DELETED_TRUNCATE_BEFORE = '9223372036854775807';

export interface RawAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** May be empty: then only the expectation is checked, as in EventStoreDB. */
  readonly events: readonly RawEventToAppend[];
  /** Default 5,000. Past it the append rejects with AppendOutcomeUnknown. */
  readonly deadlineMs?: number;
}

/**
 * - `ok`: durable. `replayed` when the same ids were found at the same place: the outcome is that of the first time.
 *   For an empty append `revision` is the stream's last (-1 when there is none).
 * - `conflict`: nothing stored; `actual` is the last event's revision (a soft-deleted stream keeps its number).
 * - `tombstoned`: nothing stored. `deleted`: `stream-exists` on a soft-deleted stream (EventStoreDB answers StreamDeleted to both).
 * - `too-large`: nothing stored; `sizeBytes` is reckoned as EventStoreDB does: data + metadata + 2 per character of the type.
 */
export type AppendOutcome =
  | { readonly kind: 'ok'; readonly revision: number; readonly position: number; readonly replayed: boolean }
  | { readonly kind: 'conflict'; readonly actual: number | 'no-stream' }
  | { readonly kind: 'tombstoned' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'too-large'; readonly sizeBytes: number; readonly limitBytes: number };

export type DeleteOutcome = Extract<AppendOutcome, { kind: 'ok' | 'conflict' | 'tombstoned' | 'deleted' }>;

export type Direction = 'forwards' | 'backwards';

/** `events` of a page may be empty while `next` is defined (all of them past their `$maxAge`): go on from there. */
export interface StreamReadRequest {
  readonly stream: string;
  readonly direction: Direction;
  /** Inclusive. */
  readonly from: number | 'start' | 'end';
  /** Page bounds: at most so many events (default 1,000) and, past the first event, so many payload bytes (default 1 MiB). */
  readonly limit?: number;
  readonly maxBytes?: number;
}

/**
 * `$maxCount`, `$maxAge` and `$tb` are applied. `not-found` also stands for a soft-deleted stream.
 * `next` is the revision to go on from (inclusive, same direction), undefined when that end of the stream is reached.
 */
export type StreamPage =
  | {
      readonly kind: 'page';
      readonly events: readonly RawEvent[];
      readonly next: number | undefined;
      readonly lastRevision: number;
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'tombstoned' };

/** Every condition given must hold; an empty list is the same as none. */
export interface RawFilter {
  /** Drops streams whose name starts with `$` (metadata streams are among them). */
  readonly excludeSystemStreams?: boolean;
  /** Drops events whose type starts with `$`, wherever they are (`$metadata`, `$streamDeleted`, `$>`). */
  readonly excludeSystemTypes?: boolean;
  readonly streamPrefixes?: readonly string[];
  /** ECMAScript regular expression, unanchored, flag `u` tried first. Refused with a SyntaxError when it does not compile. */
  readonly streamRegex?: string;
  readonly typePrefixes?: readonly string[];
  /** Exact types. */
  readonly types?: readonly string[];
  readonly typeRegex?: string;
}

export interface AllReadRequest {
  readonly direction: Direction;
  /** Inclusive. 0 is the same as `start`; any number between is allowed. */
  readonly from: number | 'start' | 'end';
  readonly limit?: number;
  readonly maxBytes?: number;
  readonly filter?: RawFilter;
  /** Stop after having looked at so many events, matching or not (default 10,000). */
  readonly scanLimit?: number;
}

/** Truncation and deletion are not applied to `$all`: its events stay (as in EventStoreDB before a scavenge). */
export interface AllPage {
  /** May be empty while `next` is defined: nothing among the events scanned matched. */
  readonly events: readonly RawEvent[];
  /** The last position looked at (forwards: everything up to here is dealt with; a checkpoint). 0 when none was. */
  readonly scannedTo: number;
  /** Position to go on from, inclusive, same direction; undefined when that end of the log is reached. */
  readonly next: number | undefined;
}

export interface StreamListRequest {
  /** `first`: oldest streams first, by their first append; `last`: newest first. */
  readonly order: 'first' | 'last';
  /** Cursor from the last entry of the page before. */
  readonly after?: number;
  readonly limit: number;
}

export interface StreamListEntry {
  readonly stream: string;
  readonly cursor: number;
}

/** What a group commit made durable. */
export interface Appended {
  readonly lastPosition: number;
  /** Streams named by the appends of the group that were stored (metadata streams under their own name). */
  readonly streams: ReadonlySet<string>;
}

export interface LogEngine {
  /** Appends of one tick travel and commit together; the outcome comes after the commit is durable. */
  append(append: RawAppend): Promise<AppendOutcome>;
  /** Independent appends, each with its own outcome; order kept. Rejects with the first rejection, others may be stored. */
  appendBatch(appends: readonly RawAppend[]): Promise<readonly AppendOutcome[]>;

  readStream(request: StreamReadRequest): Promise<StreamPage>;
  readAll(request: AllReadRequest): Promise<AllPage>;
  /** One event by its place, whatever the stream's truncation says (links resolve so); undefined when there is none. */
  readEvent(stream: string, revision: number): Promise<RawEvent | undefined>;
  listStreams(request: StreamListRequest): Promise<readonly StreamListEntry[]>;
  /** Position of the last event; 0 when the log is empty. Answered from memory. */
  lastPosition(): number;

  /** Soft delete: `$tb` in the stream's metadata; numbering goes on with the next append. */
  deleteStream(stream: string, expected: ExpectedRevision): Promise<DeleteOutcome>;
  /** Hard delete: a `$streamDeleted` event ends the stream for good. */
  tombstoneStream(stream: string, expected: ExpectedRevision): Promise<DeleteOutcome>;

  /** After each durable group, in order, before its appends resolve. Must not throw. Returns the way to stop listening. */
  onAppended(listener: (appended: Appended) => void): () => void;
  /** Called once when closing begins. Returns the way to stop listening. */
  onClosed(listener: () => void): () => void;
  isClosed(): boolean;
  /** Resolves when the engine takes appends. @throws LogUnavailable (read-only after a disk error), LogClosed */
  ping(): Promise<void>;
  /** Takes no more, makes durable what is under way, checkpoints and releases the file. Idempotent. */
  close(): Promise<void>;
}

export interface LogEngineOptions {
  /** Path of the data file; `-wal`, `-shm` and `.lock` files lie beside it. Its folder must exist. */
  readonly file: string;
  /** Appends waiting or under way, and their bytes; past either LogOverloaded. Defaults 16,384 and 64 MiB. */
  readonly maxQueuedAppends?: number;
  readonly maxQueuedBytes?: number;
  /** Default 1 MiB (1,048,576). */
  readonly maxAppendBytes?: number;
  /** Files up to this size have their structure checked at opening (events are checked whenever read). Default 512 MiB. */
  readonly checkedBytes?: number;
  /** Upper bound of the data file in pages of 4 KiB, for tests of a full disk. Default: none. */
  readonly maxPageCount?: number;
}

/** Options of `followAll(engine, …)` in follow-all.ts. */
export interface FollowAllRequest {
  /** Exclusive. */
  readonly after: number | 'start' | 'end';
  readonly filter?: RawFilter;
  /** A checkpoint is due whenever so many events in a row matched nothing. Default 1,000. */
  readonly checkpointEvery?: number;
  /** Events per page, the most that is ever buffered. Default 1,000. */
  readonly pageSize?: number;
  /** Events looked at per page, matching or not; a checkpoint cannot come more often. Default as of `readAll`. */
  readonly scanLimit?: number;
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
}

/**
 * - `events`: never empty. `scannedTo` ≥ the last one's position: everything up to there is dealt with.
 * - `checkpoint`: nothing matches up to `position`.
 * - `caught-up`: everything up to `position` has been delivered; `fell-behind`: the reader was slower than the log, pages
 *   are read again until the next `caught-up`. Both alternate, `caught-up` first.
 */
export type FollowAllMessage =
  | { readonly kind: 'events'; readonly events: readonly RawEvent[]; readonly scannedTo: number }
  | { readonly kind: 'checkpoint'; readonly position: number }
  | { readonly kind: 'caught-up'; readonly position: number }
  | { readonly kind: 'fell-behind' };

/** Options of `followStream(engine, …)` in follow-stream.ts. A stream that does not exist yet is waited for. */
export interface FollowStreamRequest {
  readonly stream: string;
  /** Exclusive revision. */
  readonly after: number | 'start' | 'end';
  readonly pageSize?: number;
  readonly signal: AbortSignal;
}

/** `tombstoned` is the last message of the iteration. */
export type FollowStreamMessage =
  | { readonly kind: 'events'; readonly events: readonly RawEvent[] }
  | { readonly kind: 'caught-up' }
  | { readonly kind: 'fell-behind' }
  | { readonly kind: 'tombstoned' };
