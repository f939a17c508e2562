import { WrongExpectedVersionError } from '@eventstore/db-client';
import { LogClosed, LogUnavailable, RevisionConflict } from '#libs/event-log/port/index.js';
import type {
  AppendOptions,
  AppendResult,
  EventLog,
  EventToAppend,
  ExpectedRevision,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  StreamMetadata,
  SubscribeOptions,
  SubscriptionMessage,
} from '#libs/event-log/port/index.js';
import { Appends, clientRevisionOf } from './appends.js';
import { Connection } from './connection.js';
import { portError } from './errors.js';
import { resolveOptions } from './options.js';
import type { EventStoreDbOptions, ResolvedOptions } from './options.js';
import { Reads } from './reads.js';
import { Subscriptions } from './subscriptions.js';

/** Times a stream that grows meanwhile is looked at again before its deletion is given up. */
const RACES_BEARABLE = 10;

/**
 * The EventLog port on an EventStoreDB / KurrentDB server, or on apps/event-node, through @eventstore/db-client 6.2.
 * Opening it does no I/O; `ping` does.
 *
 * **One per process.** The client keeps the appends of all its connections in one module-global map: a connection that
 * breaks, or closes, rejects the appends of every other, and an answer that then still comes in ends the process.
 */
export class EventStoreDbEventLog implements EventLog {
  private readonly options: ResolvedOptions;
  private readonly connection: Connection;
  private readonly closing = new AbortController();
  private readonly appends: Appends;
  private readonly reads: Reads;
  private readonly subscriptions: Subscriptions;
  private closed: Promise<void> | undefined;

  /** @throws Error when the connection string cannot be parsed */
  constructor(options: EventStoreDbOptions) {
    this.options = resolveOptions(options);
    this.connection = new Connection(this.options.connectionString);
    this.appends = new Appends(this.options);
    this.reads = new Reads(this.connection, this.options, this.closing.signal);
    this.subscriptions = new Subscriptions(this.connection, this.reads, this.options);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    options: AppendOptions = {},
  ): Promise<AppendResult> {
    this.assertOpen();
    return this.appends.append(stream, expected, events, options.deadlineMs);
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]> {
    return this.whileOpen(() => this.reads.stream(stream, options));
  }

  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]> {
    return this.whileOpen(() => this.reads.all(options));
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage> {
    this.assertOpen();
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    return this.subscriptions.subscribe({ ...options, signal });
  }

  async lastPosition(): Promise<Position | undefined> {
    this.assertOpen();
    return this.reads.lastPosition();
  }

  async streamMetadata(stream: string): Promise<StreamMetadata> {
    this.assertOpen();
    try {
      const { metadata = {} } = await this.inTime(this.connection.client.getStreamMetadata(stream));
      const { maxCount, maxAge, truncateBefore } = metadata;
      return {
        ...(typeof maxCount === 'number' ? { maxCount } : {}),
        ...(typeof maxAge === 'number' ? { maxAgeSeconds: maxAge } : {}),
        // A soft-deleted stream has int64's largest there, which is no revision.
        ...(typeof truncateBefore === 'number' && Number.isSafeInteger(truncateBefore)
          ? { truncateBefore }
          : {}),
      };
    } catch (error) {
      throw portError(error, { stream });
    }
  }

  async setStreamMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    this.assertOpen();
    const { maxCount, maxAgeSeconds, truncateBefore } = metadata;
    await this.appends.setMetadata(stream, {
      ...(maxCount === undefined ? {} : { maxCount }),
      ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
      ...(truncateBefore === undefined ? {} : { truncateBefore }),
    });
  }

  async deleteStream(stream: string, expected: ExpectedRevision): Promise<void> {
    await this.remove(stream, expected, async (expectedRevision) => {
      if (expected === 'stream-exists') await this.deleteExisting(stream);
      else await this.connection.client.deleteStream(stream, { expectedRevision });
    });
  }

  async tombstoneStream(stream: string, expected: ExpectedRevision): Promise<void> {
    await this.remove(stream, expected, async (expectedRevision) => {
      await this.connection.client.tombstoneStream(stream, { expectedRevision });
    });
  }

  /** A read of one event: as cheap as the protocol allows, and it proves that the server answers. */
  async ping(): Promise<void> {
    await this.lastPosition();
  }

  close(): Promise<void> {
    this.closed ??= this.shutDown();
    return this.closed;
  }

  private async shutDown(): Promise<void> {
    this.closing.abort();
    await this.appends.close();
    await this.connection.drop();
  }

  private async remove(
    stream: string,
    expected: ExpectedRevision,
    act: (expectedRevision: bigint) => Promise<void>,
  ): Promise<void> {
    this.assertOpen();
    try {
      // The client's types leave out "stream exists" here, which tombstoneStream sends all the same.
      await act(clientRevisionOf(expected) as bigint);
    } catch (error) {
      throw portError(error, { stream, expected });
    }
  }

  /** The client's deleteStream cannot say "stream exists": it deletes at the revision read, again when that has moved on. */
  private async deleteExisting(stream: string): Promise<void> {
    for (let race = 0; ; race += 1) {
      let last: number | undefined;
      for await (const [event] of this.reads.stream(stream, { direction: 'backwards', limit: 1 })) {
        last = event!.revision;
      }
      if (last === undefined) throw new RevisionConflict(stream, 'stream-exists', 'no-stream');
      try {
        await this.connection.client.deleteStream(stream, { expectedRevision: BigInt(last) });
        return;
      } catch (error) {
        if (race >= RACES_BEARABLE || !(error instanceof WrongExpectedVersionError)) throw error;
      }
    }
  }

  /** For what the client asks without a deadline. @throws LogUnavailable */
  private async inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const { readIdleTimeoutMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new LogUnavailable(`The event store said nothing for ${readIdleTimeoutMs} ms.`)),
        readIdleTimeoutMs,
      );
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  private async *whileOpen<Item>(iterate: () => AsyncIterable<Item>): AsyncGenerator<Item> {
    this.assertOpen();
    yield* iterate();
  }

  private assertOpen(): void {
    if (this.closed) throw new LogClosed('The event log is closed.');
  }
}
