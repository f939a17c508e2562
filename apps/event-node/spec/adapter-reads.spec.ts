import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import type { SubscribeOptions } from '#libs/event-log/port/index.js';
import { AdapterNetwork, event } from './adapter-network.js';
import { gather, localNode, rejection, streamName, tempDir, until } from './harness.js';

/** What the EventStoreDB adapter does with reads and subscriptions when the network, the server or the reader leaves. */

const network = new AdapterNetwork();
beforeAll(() => network.start());
beforeEach(() => network.connect());
afterEach(() => network.disconnect());
afterAll(() => network.stop());

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

describe('without a server', () => {
  it('reads and pings are unavailable, appends of unknown outcome, and closing does not hang', async () => {
    network.proxy.aimAt(0);
    const log = network.openLog({ readIdleTimeoutMs: 1_000 });
    expect(await rejection(log.ping())).toMatchObject({ name: 'LogUnavailable' });
    expect(await rejection(gather(log.readStream('x')))).toMatchObject({ name: 'LogUnavailable' });
    expect(await rejection(log.append('x', 'no-stream', [event()], { deadlineMs: 200 }))).toMatchObject({
      name: 'AppendOutcomeUnknown',
    });
    await log.close();
  });

  it('a read that gets no more answers is unavailable after the idle timeout', async () => {
    const log = network.openLog({ readIdleTimeoutMs: 300 });
    await log.ping();
    network.proxy.swallowing = true;
    expect(await rejection(gather(log.readAll()))).toMatchObject({ name: 'LogUnavailable' });
  });
});

describe('reads of streams that do not exist', () => {
  it('by the thousand leave the connection standing, although the client resets each', async () => {
    const log = network.openLog();
    const missing = Array.from({ length: 2_500 }, () => gather(log.readStream(streamName('missing'))));
    expect((await Promise.all(missing)).flat()).toEqual([]);
  });
});

describe('a subscription', () => {
  it('cut again and again has no gap and no duplicate, and reports each drop', async () => {
    const drops: number[] = [];
    const log = network.openLog({ onSubscriptionDropped: (_, pauseMs) => drops.push(pauseMs) });
    const stream = streamName('cut');
    const { seen, stop } = await subscribed(log, { after: 'start', filter: { streamPrefixes: [stream] } });
    let n = 0;
    for (let round = 0; round < 4; round += 1) {
      for (let i = 0; i < 40; i += 1, n += 1) {
        await network.write(stream, n === 0 ? 'no-stream' : n - 1, n);
        if (i === 20) network.proxy.cut();
      }
      await until(() => seen.length >= n);
    }
    expect(seen).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(drops.length).toBeGreaterThanOrEqual(4);
    await stop();
  });

  it('from the end that is cut before its first event misses nothing', async () => {
    const log = network.openLog();
    const stream = streamName('end');
    const { seen, stop, caughtUp } = await subscribed(log, {
      after: 'end',
      filter: { streamPrefixes: [stream] },
    });
    await until(() => caughtUp() === 1);
    network.proxy.aimAt(0);
    network.proxy.cut();
    await network.write(stream, 'no-stream', 1, 2);
    network.proxy.aimAt(network.node.port);
    await until(() => seen.length === 2);
    expect(seen).toEqual([1, 2]);
    await stop();
  });

  it('waits for a server that is not there yet, with growing pauses', async () => {
    network.proxy.aimAt(0);
    const pauses: number[] = [];
    const log = network.openLog({ onSubscriptionDropped: (_, pauseMs) => pauses.push(pauseMs) });
    const { stop, caughtUp } = await subscribed(log, {
      after: 'start',
      filter: { streamPrefixes: ['none'] },
    });
    await until(() => pauses.length >= 3);
    expect(pauses.slice(0, 3)).toEqual([100, 200, 400]);
    network.proxy.aimAt(network.node.port);
    await until(() => caughtUp() > 0);
    await stop();
  });
});

describe('a reader that leaves early', () => {
  it('is let go at whatever step of opening its subscription', async () => {
    const log = network.openLog();
    for (let turns = 0; turns < 30; turns += 1) {
      const controller = new AbortController();
      const ended = gather(log.subscribe({ after: 'end', signal: controller.signal }));
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      expect((await ended).filter(({ kind }) => kind === 'events')).toEqual([]);
    }
  });

  it('leaves no subscription behind: the node sends it nothing more', async () => {
    const log = network.openLog();
    const stream = streamName('left');
    const filter = { streamPrefixes: [stream] };
    const { signal } = new AbortController();
    for (let i = 0; i < 3; i += 1) {
      for await (const message of log.subscribe({ after: 'end', filter, signal })) {
        expect(message.kind).toBe('caught-up');
        break;
      }
    }
    await log.ping();
    const before = network.proxy.received;
    await network.write(stream, 'no-stream', ...Array.from({ length: 1_000 }, (_, n) => n));
    await log.ping();
    await log.ping();
    expect(network.proxy.received - before).toBeLessThan(5_000);
  });

  it('leaves no read behind: the node need not wait for it when it stops', async () => {
    const ownDir = tempDir();
    const own = await localNode(ownDir.path);
    const log = network.openLog({ connectionString: own.connectionString });
    for (let n = 0; n < 10; n += 1) {
      const events = Array.from({ length: 250 }, () => ({ ...event(), data: { pad: 'x'.repeat(3_000) } }));
      await log.append(streamName(), 'no-stream', events);
    }
    for await (const page of log.readAll()) {
      expect(page.length).toBeGreaterThan(0);
      break;
    }
    await own.close();
    ownDir.remove();
  });
});
