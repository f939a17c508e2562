import { WrongExpectedVersionError } from '@eventstore/db-client';
import { LogClosed, RevisionConflict } from '#libs/event-log/port/index.js';
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
import type { EventStoreDbOptions } from './options.js';
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
  private readonly connection: Connection;
  private readonly closing = new AbortController();
  private readonly appends: Appends;
  private readonly reads: Reads;
  private readonly subscriptions: Subscriptions;
  private closed: Promise<void> | undefined;

  /** @throws Error when the connection string cannot be parsed */
  constructor(options: EventStoreDbOptions) {
    const resolved = resolveOptions(options);
    this.connection = new Connection(resolved.connectionString);
    this.appends = new Appends(resolved);
    this.reads = new Reads(this.connection, resolved, this.closing.signal);
    this.subscriptions = new Subscriptions(this.connection, this.reads, resolved);
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

  /** Not the client's getStreamMetadata: that waits without a limit, and takes a cancelled read for absent metadata. */
  async streamMetadata(stream: string): Promise<StreamMetadata> {
    this.assertOpen();
    for await (const [event] of this.reads.stream(`$$${stream}`, { direction: 'backwards', limit: 1 })) {
      const { $maxCount, $maxAge, $tb } = event!.data;
      return {
        ...(typeof $maxCount === 'number' ? { maxCount: $maxCount } : {}),
        ...(typeof $maxAge === 'number' ? { maxAgeSeconds: $maxAge } : {}),
        // A soft-deleted stream has int64's largest there, which is no revision.
        ...(Number.isSafeInteger($tb) ? { truncateBefore: $tb as number } : {}),
      };
    }
    return {};
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

  private async *whileOpen<Item>(iterate: () => AsyncIterable<Item>): AsyncGenerator<Item> {
    this.assertOpen();
    yield* iterate();
  }

  private assertOpen(): void {
    if (this.closed) throw new LogClosed('The event log is closed.');
  }
}
