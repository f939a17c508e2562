import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { binaryEvent } from '@eventstore/db-client';
import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import type { EventStoreDbOptions } from '#libs/event-log/eventstoredb/index.js';
import type { EventToAppend, SubscribeOptions } from '#libs/event-log/port/index.js';
import {
  closeClient,
  gather,
  localNode,
  rawClient,
  rejection,
  streamName,
  tempDir,
  until,
} from './harness.js';
import type { LocalNode } from './harness.js';
import { Proxy } from './proxy.js';

/** What the EventStoreDB adapter does when the network or the server does not: over a proxy that can be cut. */

const dir = tempDir();
let node: LocalNode;
let proxy: Proxy;
const logs: EventStoreDbEventLog[] = [];

beforeAll(async () => {
  node = await localNode(dir.path);
});

afterAll(async () => {
  await node.close();
  dir.remove();
});

beforeEach(async () => {
  proxy = await Proxy.to(node.port);
});

afterEach(async () => {
  proxy.swallowing = false;
  await Promise.all(logs.splice(0).map((log) => log.close()));
  await proxy.close();
});

function openLog(options: Partial<EventStoreDbOptions> = {}): EventStoreDbEventLog {
  const log = new EventStoreDbEventLog({ connectionString: proxy.connectionString, ...options });
  logs.push(log);
  return log;
}

function event(n = 0): EventToAppend {
  return { id: randomUUID(), type: 'Numbered.v1', data: { n }, metadata: {} };
}

async function stored(stream: string): Promise<string[]> {
  const page = await node.engine.readStream({ stream, direction: 'forwards', from: 'start' });
  return page.kind === 'page' ? page.events.map(({ id }) => id) : [];
}

async function subscribed(log: EventStoreDbEventLog, options: Omit<SubscribeOptions, 'signal'>) {
  const controller = new AbortController();
  const seen: number[] = [];
  let caughtUp = 0;
  const done = (async () => {
    for await (const message of log.subscribe({ ...options, signal: controller.signal })) {
      if (message.kind === 'events') seen.push(...message.events.map(({ data }) => data['n'] as number));
      if (message.kind === 'caught-up') caughtUp += 1;
    }
  })();
  const stop = async () => {
    controller.abort();
    await done;
  };
  return { seen, stop, caughtUp: () => caughtUp };
}

describe('an append', () => {
  it('whose answer is lost with the connection is repeated identically and stored once', async () => {
    const log = openLog();
    await log.ping();
    const stream = streamName();
    proxy.swallowing = true;
    const events = [event(), event()];
    const appending = log.append(stream, 'no-stream', events);
    await until(async () => (await stored(stream)).length === 2);
    proxy.cut();
    proxy.swallowing = false;
    expect(await appending).toMatchObject({ revision: 1 });
    expect(await stored(stream)).toEqual(events.map(({ id }) => id));
    expect(proxy.connections).toBeGreaterThanOrEqual(2);
  });

  it('without an answer is of unknown outcome at its deadline; the identical one finds what was stored', async () => {
    const log = openLog();
    await log.ping();
    const stream = streamName();
    proxy.swallowing = true;
    const events = [event()];
    const startedAt = Date.now();
    const unknown = await rejection(log.append(stream, 'no-stream', events, { deadlineMs: 600 }));
    expect(unknown).toMatchObject({ name: 'AppendOutcomeUnknown', stored: 'unknown' });
    expect(Date.now() - startedAt).toBeLessThan(1_500);
    expect(await stored(stream)).toHaveLength(1);
    proxy.swallowing = false;
    proxy.cut();
    expect(await log.append(stream, 'no-stream', events)).toMatchObject({ revision: 0 });
    expect(await stored(stream)).toHaveLength(1);
  });

  it('at any revision is not repeated by itself: the server might store it twice', async () => {
    const log = openLog();
    await log.ping();
    const stream = streamName();
    proxy.swallowing = true;
    const appending = rejection(log.append(stream, 'any', [event()]));
    await until(async () => (await stored(stream)).length === 1);
    proxy.swallowing = false;
    proxy.cut();
    expect(await appending).toMatchObject({ name: 'AppendOutcomeUnknown' });
  });

  it('fails with its own outcome only: a broken connection leaves those of other clients alone', async () => {
    const [broken, whole] = [openLog(), openLog({ connectionString: node.connectionString })];
    await Promise.all([broken.ping(), whole.ping()]);
    proxy.swallowing = true;
    const lost = rejection(broken.append(streamName(), 'any', [event()]));
    const busy = Promise.all(
      Array.from({ length: 200 }, () => whole.append(streamName(), 'no-stream', [event()])),
    );
    proxy.cut();
    expect(await lost).toMatchObject({ name: 'AppendOutcomeUnknown' });
    expect(await busy).toHaveLength(200);
  });

  it('is refused at once when too many are under way, and taken again afterwards', async () => {
    const log = openLog({ maxInFlightAppends: 10 });
    await log.ping();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 15 }, () => log.append(streamName(), 'no-stream', [event()])),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.map(({ reason }: { reason: Error }) => reason.name)).toEqual(
      Array<string>(5).fill('LogOverloaded'),
    );
    await log.append(streamName(), 'no-stream', [event()]);
    const heavy = openLog({ maxInFlightBytes: 1_000 });
    const big = { ...event(), data: { pad: 'x'.repeat(2_000) } };
    const first = heavy.append(streamName(), 'no-stream', [big]);
    expect(await rejection(heavy.append(streamName(), 'no-stream', [event()]))).toMatchObject({
      name: 'LogOverloaded',
    });
    await first;
  });

  it('goes through when the server comes within the deadline', async () => {
    proxy.aimAt(0);
    const log = openLog();
    const appending = log.append(streamName(), 'no-stream', [event()], { deadlineMs: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.aimAt(node.port);
    expect(await appending).toMatchObject({ revision: 0 });
  });
});

describe('without a server', () => {
  it('reads and pings are unavailable, appends of unknown outcome, and closing does not hang', async () => {
    proxy.aimAt(0);
    const log = openLog({ readIdleTimeoutMs: 1_000 });
    expect(await rejection(log.ping())).toMatchObject({ name: 'LogUnavailable' });
    expect(await rejection(gather(log.readStream('x')))).toMatchObject({ name: 'LogUnavailable' });
    expect(await rejection(log.append('x', 'no-stream', [event()], { deadlineMs: 200 }))).toMatchObject({
      name: 'AppendOutcomeUnknown',
    });
    await log.close();
  });

  it('a read that gets no more answers is unavailable after the idle timeout', async () => {
    const log = openLog({ readIdleTimeoutMs: 300 });
    await log.ping();
    proxy.swallowing = true;
    expect(await rejection(gather(log.readAll()))).toMatchObject({ name: 'LogUnavailable' });
  });
});

describe('a subscription', () => {
  it('cut again and again has no gap and no duplicate, and reports each drop', async () => {
    const drops: number[] = [];
    const log = openLog({ onSubscriptionDropped: (_, pauseMs) => drops.push(pauseMs) });
    const writer = openLog({ connectionString: node.connectionString });
    const stream = streamName('cut');
    const { seen, stop } = await subscribed(log, { after: 'start', filter: { streamPrefixes: [stream] } });
    let n = 0;
    for (let round = 0; round < 4; round += 1) {
      for (let i = 0; i < 40; i += 1, n += 1) {
        await writer.append(stream, n === 0 ? 'no-stream' : n - 1, [event(n)]);
        if (i === 20) proxy.cut();
      }
      await until(() => seen.length >= n);
    }
    expect(seen).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(drops.length).toBeGreaterThanOrEqual(4);
    await stop();
  });

  it('from the end that is cut before its first event misses nothing', async () => {
    const log = openLog();
    const writer = openLog({ connectionString: node.connectionString });
    const stream = streamName('end');
    const { seen, stop, caughtUp } = await subscribed(log, {
      after: 'end',
      filter: { streamPrefixes: [stream] },
    });
    await until(() => caughtUp() === 1);
    proxy.aimAt(0);
    proxy.cut();
    await writer.append(stream, 'no-stream', [event(1), event(2)]);
    proxy.aimAt(node.port);
    await until(() => seen.length === 2);
    expect(seen).toEqual([1, 2]);
    await stop();
  });

  it('waits for a server that is not there yet, with growing pauses', async () => {
    proxy.aimAt(0);
    const pauses: number[] = [];
    const log = openLog({ onSubscriptionDropped: (_, pauseMs) => pauses.push(pauseMs) });
    const { stop, caughtUp } = await subscribed(log, {
      after: 'start',
      filter: { streamPrefixes: ['none'] },
    });
    await until(() => pauses.length >= 3);
    expect(pauses.slice(0, 3)).toEqual([100, 200, 400]);
    proxy.aimAt(node.port);
    await until(() => caughtUp() > 0);
    await stop();
  });
});

describe('what others wrote', () => {
  it('comes out as a JSON object, whatever it was', async () => {
    const stream = streamName();
    const client = rawClient(node.connectionString);
    await client.appendToStream(stream, [
      binaryEvent({ type: 'Bytes', data: Uint8Array.of(1, 2, 255), metadata: Uint8Array.of(254) }),
      {
        ...binaryEvent({ type: 'List', data: Uint8Array.of() }),
        contentType: 'application/json',
        data: [1, 'zwei'],
      } as never,
    ]);
    await closeClient(client);
    const [bytes, list] = (await gather(openLog().readStream(stream))).flat();
    expect([bytes!.data, bytes!.metadata, list!.data, list!.metadata]).toEqual([
      { $base64: 'AQL/' },
      { $base64: '/g==' },
      { $value: [1, 'zwei'] },
      {},
    ]);
  });
});

describe('closing', () => {
  it('ends the connection', async () => {
    const log = openLog();
    await log.append(streamName(), 'no-stream', [event()]);
    expect(proxy.open).toBe(1);
    await log.close();
    await until(() => proxy.open === 0, 3_000);
  });

  it('leaves nothing that keeps a process alive', async () => {
    const script = `
      import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
      const log = new EventStoreDbEventLog({ connectionString: process.env.NODE_URL });
      await log.append('closing-' + process.pid, 'any', [{ id: crypto.randomUUID(), type: 'X', data: {}, metadata: {} }]);
      for await (const page of log.readAll()) break;
      const controller = new AbortController();
      for await (const message of log.subscribe({ after: 'start', signal: controller.signal })) break;
      await log.close();
      console.log('closed');
    `;
    const root = new URL('../../../', import.meta.url);
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_URL: node.connectionString, NODE_OPTIONS: '' },
    });
    const closed = new Promise<number>((resolve) => child.stdout.once('data', () => resolve(Date.now())));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(0);
    expect(Date.now() - (await closed)).toBeLessThan(2_000);
  });
});
