import { setTimeout as pause } from 'node:timers/promises';
import { ANY, NO_STREAM, STREAM_EXISTS, jsonEvent } from '@eventstore/db-client';
import type { AppendResult as ClientResult, EventStoreDBClient } from '@eventstore/db-client';
import {
  AppendOutcomeUnknown,
  EventTooLarge,
  LogOverloaded,
  LogUnavailable,
  encodePosition,
} from '#libs/event-log/port/index.js';
import type {
  AppendResult,
  EventToAppend,
  ExpectedRevision,
  JsonObject,
} from '#libs/event-log/port/index.js';
import { Connection } from './connection.js';
import { appendError } from './errors.js';
import type { Subject } from './errors.js';
import type { ResolvedOptions } from './options.js';
import { Slots } from './slots.js';

const DEFAULT_DEADLINE_MS = 5_000;
/** An attempt gets this share of what is left of the deadline, so that an identical retry still fits. */
const ATTEMPT_SHARE = 0.5;
const SHORTEST_ATTEMPT_MS = 250;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;
/**
 * Appends given to the client at once. At 16 unsent messages the client's writes begin to queue, and when the connection
 * then breaks, 6.2.1 rejects promises nobody holds: an unhandled rejection, which ends the process.
 */
const AT_THE_CLIENT = 15;

/** One append as it is sent, again and again if need be. */
interface Sendable extends Subject {
  readonly sizeBytes: number;
  /** An identical repetition is recognised for certain. */
  readonly repeatable: boolean;
  send(client: EventStoreDBClient, deadlineMs: number): Promise<ClientResult>;
}

/**
 * Appends under a bound and a deadline of our own, for the client's batch append has none; repeated identically, with the
 * ids and revision of the first time, while that is safe.
 *
 * Their connection is theirs alone: it is dropped when the server falls silent, and no read or subscription suffers.
 */
export class Appends {
  private readonly connection: Connection;
  private readonly slots = new Slots(AT_THE_CLIENT);
  private readonly underWay = new Set<Promise<unknown>>();
  private bytesUnderWay = 0;
  private sent = 0;
  /** The latest attempt that was answered, or whose stream broke: none before it is unsent any more. */
  private settled = 0;

  constructor(private readonly options: ResolvedOptions) {
    this.connection = new Connection(options.connectionString);
  }

  /** @throws RevisionConflict, StreamTombstoned, EventTooLarge, LogOverloaded, AppendOutcomeUnknown, LogUnavailable, TypeError */
  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    deadlineMs = DEFAULT_DEADLINE_MS,
  ): Promise<AppendResult> {
    const sizeBytes = sizeOf(events);
    // Refused here: a message over the server's message limit would break the stream for all appends on it.
    if (sizeBytes > this.options.maxAppendBytes) {
      throw new EventTooLarge(sizeBytes, this.options.maxAppendBytes);
    }
    const expectedRevision = clientRevisionOf(expected);
    const batch = events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
    const { nextExpectedRevision, position } = await this.run(deadlineMs, {
      stream,
      expected,
      sizeBytes,
      // With `any` and `stream-exists` the server recognises a repeated append by its ids on a best effort only.
      repeatable: typeof expected === 'number' || expected === 'no-stream',
      send: (client, deadline) => client.appendToStream(stream, batch, { expectedRevision, deadline }),
    });
    // A server may answer a repeated append without its position; then before everything is the safe place to name.
    const { commit, prepare } = position ?? { commit: 0n, prepare: 0n };
    return { revision: Number(nextExpectedRevision), position: encodePosition(commit, prepare) };
  }

  /** Replaces a stream's metadata, in the client's names. @throws as `append` */
  async setMetadata(stream: string, metadata: Readonly<Record<string, number>>): Promise<void> {
    await this.run(DEFAULT_DEADLINE_MS, {
      stream,
      sizeBytes: 0,
      repeatable: false,
      send: (client, deadline) => client.setStreamMetadata(stream, metadata, { deadline }),
    });
  }

  /** Waits for the appends under way; each ends with its own deadline at the latest. */
  async close(): Promise<void> {
    await Promise.allSettled(this.underWay);
    await this.connection.drop();
  }

  private async run(deadlineMs: number, append: Sendable): Promise<ClientResult> {
    if (
      this.underWay.size >= this.options.maxInFlightAppends ||
      this.bytesUnderWay >= this.options.maxInFlightBytes
    ) {
      throw new LogOverloaded(`${this.underWay.size} appends of ${this.bytesUnderWay} bytes are under way.`);
    }
    const running = this.untilKnown(append, performance.now() + deadlineMs);
    this.underWay.add(running);
    this.bytesUnderWay += append.sizeBytes;
    try {
      return await running;
    } finally {
      this.underWay.delete(running);
      this.bytesUnderWay -= append.sizeBytes;
    }
  }

  private async untilKnown(append: Sendable, deadlineAtMs: number): Promise<ClientResult> {
    const leftMs = () => deadlineAtMs - performance.now();
    let failure: Error | undefined;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (!(await this.slots.take(leftMs()))) {
        throw failure ?? new LogOverloaded(`The append to ${append.stream} found no room in time.`);
      }
      try {
        return await this.attempt(append, leftMs());
      } catch (error) {
        const mapped = appendError(error, append);
        // "Not stored" is said of this attempt alone, an earlier one may still have been.
        if (failure && mapped instanceof LogUnavailable) throw failure;
        const known = !(mapped instanceof AppendOutcomeUnknown);
        if (known || !append.repeatable) throw mapped;
        failure = mapped;
      } finally {
        this.slots.giveBack();
      }
      if (leftMs() <= 0) throw failure;
      await pause(Math.min(pauseMs, leftMs()));
    }
  }

  /** @throws the client's errors, and an error when there was no answer in time */
  private async attempt(append: Sendable, leftMs: number): Promise<ClientResult> {
    const attemptMs = append.repeatable
      ? Math.min(leftMs, Math.max(leftMs * ATTEMPT_SHARE, SHORTEST_ATTEMPT_MS))
      : leftMs;
    const number = (this.sent += 1);
    if (leftMs <= 0) throw new Error('The deadline passed before it was sent.');
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // Perhaps not even sent: a stream that takes nothing more is given up, its other appends are repeated on a new one.
        if (this.settled < number) void this.connection.drop();
        reject(new Error(`No answer within ${Math.ceil(attemptMs)} ms.`));
      }, attemptMs);
    });
    try {
      const answer = append.send(this.connection.client, Math.ceil(leftMs)).finally(() => {
        this.settled = Math.max(this.settled, number);
      });
      return await Promise.race([answer, silence]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Bytes as EventStoreDB reckons them against its append limit: data + metadata + 2 per character of the type.
 *
 * @throws TypeError without events, and for an id that is no UUID: a server ends the whole stream over it
 */
function sizeOf(events: readonly EventToAppend[]): number {
  if (events.length === 0) throw new TypeError('An append needs at least one event.');
  let sizeBytes = 0;
  for (const { id, type, data, metadata, json } of events) {
    if (!UUID.test(id)) throw new TypeError(`"${id}" is no UUID.`);
    sizeBytes += bytesOf(json?.data, data) + bytesOf(json?.metadata, metadata) + 2 * type.length;
  }
  return sizeBytes;
}

function bytesOf(written: string | undefined, value: JsonObject): number {
  return Buffer.byteLength(written ?? JSON.stringify(value), 'utf8');
}

const CLIENT_REVISIONS = { any: ANY, 'no-stream': NO_STREAM, 'stream-exists': STREAM_EXISTS } as const;

export function clientRevisionOf(expected: ExpectedRevision) {
  return typeof expected === 'number' ? BigInt(expected) : CLIENT_REVISIONS[expected];
}
