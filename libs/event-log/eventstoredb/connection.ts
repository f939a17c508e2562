import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';

/** How long a client may take to end its streams; it waits for ever for one that ended while its reader held a page. */
const DISPOSAL_MS = 500;

/** A client of the server, made at first use, and anew after it was dropped. */
export class Connection {
  private current: EventStoreDBClient | undefined;

  /** @throws Error when the connection string cannot be parsed; TypeError when it lets appends fail without an error */
  constructor(private readonly connectionString: string) {
    // Without the error, the batch append of 6.2.1 answers a conflict with a wrong revision.
    if (/throw[-_]?on[-_]?append[-_]?failure/i.test(connectionString)) {
      throw new TypeError('throwOnAppendFailure is not to be set: the event log needs the error.');
    }
    EventStoreDBClient.connectionString(connectionString);
  }

  get client(): EventStoreDBClient {
    this.current ??= EventStoreDBClient.connectionString(this.connectionString);
    return this.current;
  }

  /** Cancels every stream of the client and closes its channel; the next use makes a new one. */
  async drop(): Promise<void> {
    const client = this.current;
    this.current = undefined;
    if (!client) return;
    const disposed = new AbortController();
    const late = pause(DISPOSAL_MS, undefined, { signal: disposed.signal }).catch(() => undefined);
    await Promise.race([client.dispose(), late]);
    disposed.abort();
    // Protected, but nothing public closes the channel, and an open one keeps the process alive.
    const channel = await client['getChannel']().catch(() => undefined);
    channel?.close();
  }
}
