import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import {
  type AppendResult,
  type EventToAppend,
  type ExpectedRevision,
  type JsonObject,
  type Position,
  type RecordedEvent,
  RevisionConflict,
  type StreamMetadata,
  StreamTombstoned,
  encodePosition,
} from '#libs/event-log/port/index.js';

export interface StoredEvent {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly dataText: string;
  readonly metadataText: string;
  readonly revision: number;
  /** Place in the log, from 0. */
  readonly order: number;
  readonly position: Position;
  readonly recordedAt: string;
}

export function copyOfEvent(event: StoredEvent): RecordedEvent {
  return {
    id: event.id,
    type: event.type,
    data: JSON.parse(event.dataText) as JsonObject,
    metadata: JSON.parse(event.metadataText) as JsonObject,
    stream: event.stream,
    revision: event.revision,
    position: event.position,
    recordedAt: event.recordedAt,
  };
}

/** One stream of the in-memory log. */
export class MemoryStream {
  readonly #events: StoredEvent[] = [];
  metadata: StreamMetadata = {};
  tombstoned = false;
  /** Set by a soft delete: looks like no stream until the next append, while the numbering goes on. */
  #softDeleted = false;

  constructor(readonly name: string) {}

  get nextRevision(): number {
    return this.#events.length;
  }

  get lastRevision(): number {
    return this.#events.length - 1;
  }

  lastPosition(): Position {
    return this.#events.at(-1)?.position ?? encodePosition(0);
  }

  push(event: StoredEvent): void {
    if (this.#softDeleted) {
      this.#softDeleted = false;
      this.metadata = { ...this.metadata, truncateBefore: event.revision };
    }
    this.#events.push(event);
  }

  deleteSoftly(): void {
    this.#softDeleted = true;
    this.metadata = { ...this.metadata, truncateBefore: this.nextRevision };
  }

  assertAlive(): void {
    if (this.tombstoned) throw new StreamTombstoned(this.name);
  }

  assertRevision(expected: ExpectedRevision): void {
    const missing = this.#events.length === 0 || this.#softDeleted;
    const fits =
      expected === 'any' ||
      (expected === 'no-stream' && missing) ||
      (expected === 'stream-exists' && !missing) ||
      expected === this.lastRevision;
    if (!fits || (typeof expected === 'number' && expected < 0)) {
      throw new RevisionConflict(
        this.name,
        expected,
        this.#events.length === 0 ? 'no-stream' : this.lastRevision,
      );
    }
  }

  /** The result of an identical earlier append, or `undefined` when these events are new at this revision. */
  earlierResult(expected: ExpectedRevision, events: readonly EventToAppend[]): AppendResult | undefined {
    const first = events[0];
    if (!first) return undefined;
    const start =
      typeof expected === 'number'
        ? expected + 1
        : expected === 'no-stream'
          ? 0
          : this.#events.findLastIndex((event) => event.id === first.id.toLowerCase());
    if (start < 0) return undefined;
    const same = events.every((event, index) => this.#events[start + index]?.id === event.id.toLowerCase());
    const last = this.#events[start + events.length - 1];
    return same && last ? { revision: last.revision, position: last.position } : undefined;
  }

  /** What a read shows at `now` under the stream's metadata. */
  visible(now: string): readonly StoredEvent[] {
    const { truncateBefore = 0, maxCount = Number.POSITIVE_INFINITY, maxAgeSeconds } = this.metadata;
    const first = Math.max(truncateBefore, this.#events.length - maxCount);
    const oldestMs = maxAgeSeconds === undefined ? 0 : epochMsOf(now as Instant) - maxAgeSeconds * 1_000;
    return this.#events.filter(
      (event) => event.revision >= first && epochMsOf(event.recordedAt as Instant) >= oldestMs,
    );
  }
}
