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
import { Appends } from './appends.js';
import { Connection } from './connection.js';
import { portError } from './errors.js';
import { readMetadata, writeMetadata } from './metadata.js';
import { resolveOptions } from './options.js';
import type { EventStoreDbOptions } from './options.js';
import { Reads } from './reads.js';
import { removeStream } from './removal.js';
import { Subscriptions } from './subscriptions.js';

/**
 * The EventLog port on an EventStoreDB / KurrentDB server, or on apps/event-node, through @eventstore/db-client 6.2.
 * One per process is enough: it multiplexes everything over one connection. Opening it does no I/O; `ping` does.
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
    this.appends = new Appends(this.connection, resolved);
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

  async streamMetadata(stream: string): Promise<StreamMetadata> {
    this.assertOpen();
    return readMetadata(this.reads, stream);
  }

  async setStreamMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    this.assertOpen();
    await writeMetadata(this.appends, stream, metadata);
  }

  async deleteStream(stream: string, expected: ExpectedRevision): Promise<void> {
    await this.remove('deleteStream', stream, expected);
  }

  async tombstoneStream(stream: string, expected: ExpectedRevision): Promise<void> {
    await this.remove('tombstoneStream', stream, expected);
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
    await this.connection.close();
  }

  private async remove(
    how: 'deleteStream' | 'tombstoneStream',
    stream: string,
    expected: ExpectedRevision,
  ): Promise<void> {
    this.assertOpen();
    try {
      await removeStream(this.connection, this.reads, { how, stream, expected });
    } catch (error) {
      const mapped = portError(error, stream, expected);
      // The server compares and answers in its own numbers; what was asked for is known here.
      throw mapped instanceof RevisionConflict
        ? new RevisionConflict(stream, expected, mapped.actual)
        : mapped;
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
