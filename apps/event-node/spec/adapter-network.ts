import { randomUUID } from 'node:crypto';
import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import type { EventStoreDbOptions } from '#libs/event-log/eventstoredb/index.js';
import type { EventToAppend, ExpectedRevision } from '#libs/event-log/port/index.js';
import { localNode, streamName, tempDir } from './harness.js';
import type { LocalNode } from './harness.js';
import { Proxy } from './proxy.js';

/** A node for the file, and for each test a proxy in front of it that can be cut; the logs of a test are closed after it. */
export class AdapterNetwork {
  node!: LocalNode;
  proxy!: Proxy;
  private readonly dir = tempDir();
  private readonly logs: EventStoreDbEventLog[] = [];

  /** Before all tests of a file. */
  async start(): Promise<void> {
    this.node = await localNode(this.dir.path);
  }

  async stop(): Promise<void> {
    await this.node.close();
    this.dir.remove();
  }

  /** Before each test. */
  async connect(): Promise<void> {
    this.proxy = await Proxy.to(this.node.port);
  }

  async disconnect(): Promise<void> {
    this.proxy.swallowing = false;
    await Promise.all(this.logs.splice(0).map((log) => log.close()));
    await this.proxy.close();
  }

  openLog(options: Partial<EventStoreDbOptions> = {}): EventStoreDbEventLog {
    const log = new EventStoreDbEventLog({ connectionString: this.proxy.connectionString, ...options });
    this.logs.push(log);
    return log;
  }

  /** A log that has appended: what an append needs of the connection is there before the network fails. */
  async appendingLog(): Promise<EventStoreDbEventLog> {
    const log = this.openLog();
    await log.append(streamName(), 'no-stream', [event()]);
    return log;
  }

  /** An append past the network: the process may have one client only. */
  async write(stream: string, expected: ExpectedRevision, ...numbers: number[]): Promise<void> {
    const events = numbers.map(event).map(({ id, type, data, metadata }) => ({
      id,
      type,
      contentType: 'json' as const,
      data: Buffer.from(JSON.stringify(data)),
      metadata: Buffer.from(JSON.stringify(metadata)),
    }));
    const { kind } = await this.node.engine.append({ stream, expected, events });
    if (kind !== 'ok') throw new Error(`The append to ${stream} ended with ${kind}.`);
  }

  /** Ids in the stream, read past the network. */
  async stored(stream: string): Promise<string[]> {
    const page = await this.node.engine.readStream({ stream, direction: 'forwards', from: 'start' });
    return page.kind === 'page' ? page.events.map(({ id }) => id) : [];
  }
}

export function event(n = 0): EventToAppend {
  return { id: randomUUID(), type: 'Numbered.v1', data: { n }, metadata: {} };
}

export function largeEvent(): EventToAppend {
  return { ...event(), data: { pad: 'x'.repeat(20_000) } };
}
