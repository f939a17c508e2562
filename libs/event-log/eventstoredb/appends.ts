import { status } from '@grpc/grpc-js';
import {
  AppendOutcomeUnknown,
  EventTooLarge,
  LogOverloaded,
  LogUnavailable,
  RevisionConflict,
  StreamTombstoned,
  encodePosition,
} from '#libs/event-log/port/index.js';
import type { AppendResult, EventToAppend, ExpectedRevision } from '#libs/event-log/port/index.js';
import { AppendLane, AttemptTimedOut, LaneBroken } from './append-lane.js';
import type { Connection } from './connection.js';
import type { ResolvedOptions } from './options.js';
import { sleep } from './sleep.js';
import { prepareAppend } from './wire/batch-append-request.js';
import type { PreparedAppend } from './wire/batch-append-request.js';
import type { BatchAppendOutcome } from './wire/batch-append-response.js';

const DEFAULT_DEADLINE_MS = 5_000;
/** An attempt gets this share of what is left of the deadline, so that an identical retry still fits. */
const ATTEMPT_SHARE = 0.5;
const SHORTEST_ATTEMPT_MS = 250;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;

/** Appends under a bound and a deadline; retried identically, with the ids and revision of the first time, while that is safe. */
export class Appends {
  private readonly lane: AppendLane;
  private readonly underWay = new Set<Promise<unknown>>();
  private bytesUnderWay = 0;

  constructor(
    connection: Connection,
    private readonly options: ResolvedOptions,
  ) {
    this.lane = new AppendLane(connection);
  }

  /** @throws RevisionConflict, StreamTombstoned, EventTooLarge, LogOverloaded, AppendOutcomeUnknown, LogUnavailable, TypeError */
  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    deadlineMs = DEFAULT_DEADLINE_MS,
  ): Promise<AppendResult> {
    if (
      this.underWay.size >= this.options.maxInFlightAppends ||
      this.bytesUnderWay >= this.options.maxInFlightBytes
    ) {
      throw new LogOverloaded(`${this.underWay.size} appends of ${this.bytesUnderWay} bytes are under way.`);
    }
    const append = prepareAppend(stream, expected, events);
    // Refused here: a message over the server's message limit would break the stream for all appends on it.
    if (append.sizeBytes > this.options.maxAppendBytes) {
      throw new EventTooLarge(append.sizeBytes, this.options.maxAppendBytes);
    }
    this.bytesUnderWay += append.sizeBytes;
    const running = this.sendUntil(append, performance.now() + deadlineMs);
    this.underWay.add(running);
    try {
      return resultOf(append, await running);
    } finally {
      this.underWay.delete(running);
      this.bytesUnderWay -= append.sizeBytes;
    }
  }

  /** Waits for the appends under way; each ends with its own deadline at the latest. */
  async close(): Promise<void> {
    await Promise.allSettled(this.underWay);
    this.lane.close();
  }

  private async sendUntil(append: PreparedAppend, deadlineAtMs: number): Promise<BatchAppendOutcome> {
    // With `any` and `stream-exists` the server recognises a repeated append by its ids on a best effort only.
    const repeatable = typeof append.expected === 'number' || append.expected === 'no-stream';
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const leftMs = deadlineAtMs - performance.now();
      if (leftMs <= 0)
        throw new AppendOutcomeUnknown(`The append to ${append.stream} got no answer in time.`);
      const attemptMs = repeatable
        ? Math.min(leftMs, Math.max(leftMs * ATTEMPT_SHARE, SHORTEST_ATTEMPT_MS))
        : leftMs;
      let failure: unknown;
      try {
        const outcome = await this.lane.send(append, Date.now() + Math.ceil(leftMs), attemptMs);
        if (outcome.kind !== 'timeout') return outcome;
        failure = new Error('The server gave up on it.');
      } catch (error) {
        if (!(error instanceof LaneBroken || error instanceof AttemptTimedOut)) throw error;
        failure = error;
      }
      if (!repeatable) {
        throw new AppendOutcomeUnknown(`The append to ${append.stream} may or may not be stored.`, {
          cause: failure,
        });
      }
      await sleep(Math.min(pauseMs, Math.max(0, deadlineAtMs - performance.now())));
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}

function resultOf(append: PreparedAppend, outcome: BatchAppendOutcome): AppendResult {
  switch (outcome.kind) {
    case 'stored':
      return { revision: outcome.revision, position: encodePosition(outcome.commit, outcome.prepare) };
    case 'wrong-revision':
      throw new RevisionConflict(append.stream, append.expected, outcome.actual);
    case 'stream-deleted':
      throw new StreamTombstoned(append.stream);
    case 'too-large':
      throw new EventTooLarge(append.sizeBytes, outcome.limitBytes);
    case 'access-denied':
      throw new LogUnavailable('The event store refuses these credentials.');
    case 'failed':
      throw failureOf(append, outcome);
    case 'timeout':
      throw new AppendOutcomeUnknown(`The append to ${append.stream} timed out on the server.`);
    default:
      return outcome satisfies never;
  }
}

function failureOf(
  append: PreparedAppend,
  failure: { readonly code: number; readonly message: string },
): Error {
  switch (failure.code) {
    case status.RESOURCE_EXHAUSTED:
      return new LogOverloaded(failure.message);
    case status.INVALID_ARGUMENT:
      return new TypeError(failure.message);
    case status.UNAVAILABLE:
      return new LogUnavailable(failure.message);
    default:
      return new AppendOutcomeUnknown(
        `The append to ${append.stream} failed on the server: ${failure.message}`,
      );
  }
}
