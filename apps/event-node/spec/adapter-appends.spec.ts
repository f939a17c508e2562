import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AdapterNetwork, event, largeEvent } from './adapter-network.js';
import { rejection, streamName, until } from './harness.js';

/** What the EventStoreDB adapter does with appends when the network or the server fails. */

const network = new AdapterNetwork();
beforeAll(() => network.start());
beforeEach(() => network.connect());
afterEach(() => network.disconnect());
afterAll(() => network.stop());

describe('an append', () => {
  it('whose answer is lost with the connection is repeated identically and stored once', async () => {
    const log = await network.appendingLog();
    const stream = streamName();
    network.proxy.swallowing = true;
    const events = [event(), event()];
    const appending = log.append(stream, 'no-stream', events);
    await until(async () => (await network.stored(stream)).length === 2);
    network.proxy.cut();
    network.proxy.swallowing = false;
    expect(await appending).toMatchObject({ revision: 1 });
    expect(await network.stored(stream)).toEqual(events.map(({ id }) => id));
    expect(network.proxy.connections).toBeGreaterThanOrEqual(2);
  });

  it('without an answer is of unknown outcome at its deadline; the identical one finds what was stored', async () => {
    const log = await network.appendingLog();
    const stream = streamName();
    network.proxy.swallowing = true;
    const events = [event()];
    const unknown = await rejection(log.append(stream, 'no-stream', events, { deadlineMs: 600 }));
    expect(unknown).toMatchObject({ name: 'AppendOutcomeUnknown', stored: 'unknown' });
    expect(await network.stored(stream)).toHaveLength(1);
    network.proxy.swallowing = false;
    network.proxy.cut();
    expect(await log.append(stream, 'no-stream', events)).toMatchObject({ revision: 0 });
    expect(await network.stored(stream)).toHaveLength(1);
  });

  it('at any revision is not repeated by itself: the server might store it twice', async () => {
    const log = await network.appendingLog();
    const stream = streamName();
    network.proxy.swallowing = true;
    const appending = rejection(log.append(stream, 'any', [event()]));
    await until(async () => (await network.stored(stream)).length === 1);
    network.proxy.swallowing = false;
    network.proxy.cut();
    expect(await appending).toMatchObject({ name: 'AppendOutcomeUnknown' });
  });

  it('of many on a connection that takes nothing more and then breaks is stored once, like all the others', async () => {
    const log = await network.appendingLog();
    network.proxy.clogged = true;
    const names = Array.from({ length: 300 }, () => streamName());
    const appending = names.map((name) => {
      return log.append(name, 'no-stream', [largeEvent()], { deadlineMs: 20_000 });
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    network.proxy.clogged = false;
    network.proxy.cut();
    expect((await Promise.all(appending)).map(({ revision }) => revision)).toEqual(names.map(() => 0));
    for (const name of names) expect(await network.stored(name)).toHaveLength(1);
  });

  it('given up for silence again and again leaves nothing behind that fails when the connection breaks', async () => {
    const log = await network.appendingLog();
    network.proxy.clogged = true;
    for (let wave = 0; wave < 10; wave += 1) {
      const appending = Array.from({ length: 15 }, () =>
        rejection(log.append(streamName(), 'any', [largeEvent()], { deadlineMs: 100 })),
      );
      for (const { name } of await Promise.all(appending)) expect(name).toBe('AppendOutcomeUnknown');
    }
    network.proxy.clogged = false;
    network.proxy.cut();
    expect(await log.append(streamName(), 'no-stream', [event()])).toMatchObject({ revision: 0 });
  });

  it('is refused at once when too many are under way, and taken again afterwards', async () => {
    const log = network.openLog({ maxInFlightAppends: 10 });
    await log.ping();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 15 }, () => log.append(streamName(), 'no-stream', [event()])),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.map(({ reason }: { reason: Error }) => reason.name)).toEqual(
      Array<string>(5).fill('LogOverloaded'),
    );
    await log.append(streamName(), 'no-stream', [event()]);
    await log.close();
    const heavy = network.openLog({ maxInFlightBytes: 1_000 });
    const big = { ...event(), data: { pad: 'x'.repeat(2_000) } };
    const first = heavy.append(streamName(), 'no-stream', [big]);
    expect(await rejection(heavy.append(streamName(), 'no-stream', [event()]))).toMatchObject({
      name: 'LogOverloaded',
    });
    await first;
  });

  it('goes through when the server comes within the deadline', async () => {
    network.proxy.aimAt(0);
    const log = network.openLog();
    const appending = log.append(streamName(), 'no-stream', [event()], { deadlineMs: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    network.proxy.aimAt(network.node.port);
    expect(await appending).toMatchObject({ revision: 0 });
  });
});
