import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  END,
  START,
  StreamDeletedError,
  binaryEvent,
  eventTypeFilter,
  excludeSystemEvents,
  streamNameFilter,
} from '@eventstore/db-client';
import type { AllStreamSubscription, EventStoreDBClient, Filter, Position } from '@eventstore/db-client';
import {
  closeClient,
  event,
  events,
  localNode,
  rawClient,
  rejection,
  streamName,
  tempDir,
  until,
} from './harness.js';
import type { LocalNode } from './harness.js';

const dir = tempDir();
let node: LocalNode;
let client: EventStoreDBClient;

beforeAll(async () => {
  node = await localNode(dir.path);
  client = rawClient(node.connectionString);
});

afterAll(async () => {
  await closeClient(client);
  await node.close();
  dir.remove();
});

/** What a subscription brought, in order: events by stream and revision, checkpoints, and signals. */
class Record {
  readonly seen: string[] = [];
  readonly checkpoints: Position[] = [];

  static all(
    options: { fromPosition?: Position | typeof START | typeof END; resolveLinkTos?: boolean },
    filter?: Filter,
  ) {
    const record = new Record();
    if (filter) filter.checkpointReached = (_, position) => record.checkpoint(position);
    return record.follow(client.subscribeToAll({ ...options, ...(filter ? { filter } : {}) }));
  }

  static stream(stream: string, options: object = {}) {
    return new Record().follow(client.subscribeToStream(stream, options) as unknown as AllStreamSubscription);
  }

  error: unknown;
  stop: () => Promise<void> = () => Promise.resolve();

  private follow(subscription: AllStreamSubscription): this {
    subscription.on('confirmation', () => this.seen.push('confirmed'));
    subscription.on('caughtUp', () => this.seen.push('caught-up'));
    subscription.on('fellBehind', () => this.seen.push('fell-behind'));
    subscription.on('error', (error) => (this.error = error));
    subscription.on('data', ({ event: one, link }) => {
      const original = (link ?? one)!;
      this.seen.push(
        `${original.streamId}:${original.revision}${link ? `=${one?.streamId}:${one?.revision}` : ''}`,
      );
    });
    this.stop = async () => {
      await subscription.unsubscribe();
      subscription.destroy();
    };
    return this;
  }

  private checkpoint(position: Position): void {
    this.checkpoints.push(position);
    this.seen.push('checkpoint');
  }

  get events(): string[] {
    return this.seen.filter((one) => one.includes(':'));
  }
}

function numbered(stream: string, count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, i) => `${stream}:${first + i}`);
}

describe('a subscription to a stream', () => {
  it('confirms, catches up, says so, and goes on live', async () => {
    const stream = streamName();
    await client.appendToStream(stream, events(700));
    const record = Record.stream(stream);
    await until(() => record.seen.includes('caught-up'));
    await client.appendToStream(stream, events(2));
    await until(() => record.events.length === 702);
    expect(record.seen).toEqual([
      'confirmed',
      ...numbered(stream, 700),
      'caught-up',
      ...numbered(stream, 2, 700),
    ]);
    await record.stop();
  });

  it('starts after the revision given, waits for a stream that does not exist, and from the end sees only what comes', async () => {
    const stream = streamName();
    const fromEnd = Record.stream(stream, { fromRevision: END });
    await until(() => fromEnd.seen.includes('caught-up'));
    await client.appendToStream(stream, events(3));
    await until(() => fromEnd.events.length === 3);
    const after = Record.stream(stream, { fromRevision: 0n });
    const late = Record.stream(stream, { fromRevision: END });
    await until(() => after.seen.includes('caught-up') && late.seen.includes('caught-up'));
    await client.appendToStream(stream, events(1));
    await until(() => late.events.length === 1 && after.events.length === 3);
    expect([fromEnd.events.slice(0, 3), after.events, late.events]).toEqual([
      numbered(stream, 3),
      numbered(stream, 3, 1),
      numbered(stream, 1, 3),
    ]);
    await Promise.all([fromEnd.stop(), after.stop(), late.stop()]);
  });

  it('resolves links as they come and ends with the typed error when the stream is tombstoned', async () => {
    const target = streamName('target');
    const list = streamName('list');
    await client.appendToStream(target, events(1));
    const record = Record.stream(list, { resolveLinkTos: true });
    await client.appendToStream(list, binaryEvent({ type: '$>', data: Buffer.from(`0@${target}`) }));
    await until(() => record.events.length === 1);
    expect(record.events).toEqual([`${list}:0=${target}:0`]);
    await client.tombstoneStream(list);
    await until(() => record.error !== undefined);
    expect(record.error).toBeInstanceOf(StreamDeletedError);
    await record.stop();
  });
});

describe('a subscription to $all', () => {
  const from = { fromPosition: START as Position | typeof START };

  beforeEach(async () => {
    const { position } = await client.appendToStream(streamName('mark'), event('Mark.v1'));
    from.fromPosition = position!;
  });

  it.each([
    ['stream prefixes', streamNameFilter({ prefixes: ['red-', 'blue-'] }), ['red', 'blue']],
    ['a regex on the stream', streamNameFilter({ regex: '^(red|green)-' }), ['red', 'green']],
    ['type prefixes', eventTypeFilter({ prefixes: ['Green'] }), ['green']],
    ['a regex on the type', eventTypeFilter({ regex: '^(?:Blue|Red)\\.v1$' }), ['red', 'blue']],
    ['no system events', excludeSystemEvents(), ['red', 'blue', 'green']],
  ])('filters by %s, stored and live', async (_, filter, colours) => {
    const names = { red: streamName('red'), blue: streamName('blue'), green: streamName('green') };
    const paint = async () => {
      await client.appendToStream(names.red, event('Red.v1'));
      await client.setStreamMetadata(names.red, { maxCount: 100 });
      await client.appendToStream(names.blue, event('Blue.v1'));
      await client.appendToStream(names.green, event('Green.v1'));
    };
    await paint();
    const record = Record.all(from, filter);
    await until(() => record.seen.includes('caught-up'));
    await paint();
    await until(() => record.events.length >= colours.length * 2);
    const expected = (revision: number) => colours.map((colour) => `${names[colour as 'red']}:${revision}`);
    expect(record.events).toEqual([...expected(0), ...expected(1)]);
    await record.stop();
  });

  it('tells how far it has searched while nothing matches, at the interval asked for', async () => {
    await client.appendToStream(streamName('noise'), events(1_000));
    const wanted = streamName('wanted');
    await client.appendToStream(wanted, events(1));
    const last = BigInt(node.engine.lastPosition());
    const record = Record.all(
      from,
      streamNameFilter({ prefixes: [wanted], maxSearchWindow: 50, checkpointInterval: 2 }),
    );
    await until(() => record.seen.includes('caught-up'));
    expect(record.seen.filter((one) => one !== 'checkpoint')).toEqual([
      'confirmed',
      `${wanted}:0`,
      'caught-up',
    ]);
    const places = record.checkpoints.map(({ commit }) =>
      Number(commit - (from.fromPosition as Position).commit),
    );
    // At least so many apart, and never twice as many: pages end where the log's parts in memory and on disk meet.
    const gaps = [...places, 1_001].map((place, i) => place - (places[i - 1] ?? 0));
    expect(gaps.slice(0, -1).filter((gap) => gap < 100 || gap >= 200)).toEqual([]);
    expect(gaps.at(-1)).toBeLessThan(200);
    await record.stop();
    // A checkpoint is a place to resume from.
    const resumed = Record.all(
      { fromPosition: record.checkpoints.at(-1)! },
      streamNameFilter({ prefixes: [wanted] }),
    );
    await until(() => resumed.seen.includes('caught-up'));
    expect(resumed.events).toEqual([`${wanted}:0`]);
    expect(record.checkpoints.at(-1)!.commit).toBeLessThanOrEqual(last);
    await resumed.stop();
  });

  it('says when it fell behind a burst, and when it has caught up again', async () => {
    const wanted = streamName('burst');
    const record = Record.all(from, streamNameFilter({ prefixes: [wanted] }));
    await until(() => record.seen.includes('caught-up'));
    await Promise.all(Array.from({ length: 20 }, () => client.appendToStream(wanted, events(200))));
    await until(() => record.events.length === 4_000);
    await until(() => record.seen.at(-1) === 'caught-up');
    const signals = record.seen.filter((one) => one === 'caught-up' || one === 'fell-behind');
    expect(signals.slice(0, 3)).toEqual(['caught-up', 'fell-behind', 'caught-up']);
    expect(record.events).toEqual(numbered(wanted, 4_000));
    await record.stop();
  });

  it('refuses a regex that does not compile', async () => {
    const record = Record.all(from, eventTypeFilter({ regex: '(' }));
    await until(() => record.error !== undefined);
    expect(record.error).toMatchObject({ code: 3 });
    await record.stop();
  });

  it('does not hold up the node when a client stops reading', async () => {
    const stream = streamName('flood');
    const slow = client.subscribeToStream(stream, { fromRevision: START });
    slow.on('error', () => {});
    slow.pause();
    for (let i = 0; i < 10; i += 1)
      await client.appendToStream(stream, [event('Big.v1', { pad: 'x'.repeat(900_000) })]);
    const record = Record.stream(stream);
    await until(() => record.events.length === 10);
    expect(slow.readableLength).toBeLessThanOrEqual(16);
    await record.stop();
    await slow.unsubscribe();
    slow.destroy();
  });
});

describe('a node that stops', () => {
  it('ends subscriptions as unavailable, so that clients come back', async () => {
    const other = tempDir();
    const stopping = await localNode(other.path);
    const reader = rawClient(stopping.connectionString);
    const subscription = reader.subscribeToAll();
    const failed = rejection(new Promise((_, reject) => subscription.on('error', reject)));
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    const started = Date.now();
    const closing = stopping.close();
    expect(await failed).toMatchObject({ type: 'unavailable' });
    await closeClient(reader);
    await closing;
    expect(Date.now() - started).toBeLessThan(4_000);
    other.remove();
  });
});
