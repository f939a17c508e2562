import { EventStoreDBClient } from '@eventstore/db-client';
import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import { StreamsClient } from './streams-client.js';
import type { BatchAppendResponse } from './wire/batch-append-response.js';
import type { ReadResponse } from './wire/read-response.js';

/**
 * The one connection of an event log to its server: db-client's channel, discovery, credentials and reconnection, used
 * through its protected members.
 *
 * Not through `appendToStream`, `readAll` and `subscribeToAll`, for what 6.2.1 does there: appends of all connections are
 * kept in one module-global map, so that one failed connection rejects the appends of another, and an answer that then
 * still comes in for a rejected one throws inside an event handler; reads of $all take no filter; every event is copied
 * and parsed through base64 text and generated classes.
 */
export class Connection {
  private used = false;
  private readonly eventStore: EventStoreDBClient;

  constructor(connectionString: string) {
    this.eventStore = EventStoreDBClient.connectionString(connectionString);
  }

  get client(): EventStoreDBClient {
    this.used = true;
    return this.eventStore;
  }

  /** A new BatchAppend stream. Rejects when no node can be found; a lost connection shows as `error` on the stream. */
  openBatchAppend(): Promise<ClientDuplexStream<Buffer, BatchAppendResponse>> {
    const client = this.client;
    return client['GRPCStreamCreator'](StreamsClient, 'batchAppend', (streams: StreamsClient) =>
      streams.batchAppend(...client['callArguments']({}, { deadline: Infinity })),
    )();
  }

  /** A new Read stream, for reads and subscriptions alike; whoever leaves it early must cancel it. */
  openRead(request: Buffer): Promise<ClientReadableStream<ReadResponse>> {
    const client = this.client;
    return client['GRPCStreamCreator'](StreamsClient, 'read', (streams: StreamsClient) =>
      streams.read(request, ...client['callArguments']({}, { deadline: Infinity })),
    )();
  }

  /** Cancels every stream and closes the channel; `client.dispose()` alone leaves the connection open. */
  async close(): Promise<void> {
    if (!this.used) return;
    await this.eventStore.dispose();
    const channel = await this.eventStore['getChannel']().catch(() => undefined);
    channel?.close();
  }
}
