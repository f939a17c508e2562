import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePositions, type Position } from '#libs/event-log/port/index.js';
import { collect, event, events, idsOf, type ContractContext } from './door.js';
import { Subscriber } from './subscriber.js';

export function subscriptionCases(context: ContractContext): void {
  const { log, stream } = context;

  it('delivers what is stored, says that it caught up, then delivers what comes', async () => {
    const category = stream('live');
    const stored = events(5);
    await log().append(`${category}/a`, 'no-stream', stored);
    const subscriber = new Subscriber(log(), { after: 'start', filter: { streamPrefixes: [category] } });
    await subscriber.caughtUp();
    expect(idsOf(subscriber.events)).toEqual(idsOf(stored));
    const coming = events(3);
    for (const [index, each] of coming.entries()) {
      await log().append(`${category}/b`, index === 0 ? 'no-stream' : index - 1, [each]);
    }
    await subscriber.received(8);
    expect(idsOf(subscriber.events)).toEqual(idsOf([...stored, ...coming]));
    await subscriber.stop();
  });

  it('starts after a position, exclusive', async () => {
    const category = stream('after');
    const given = events(6);
    const positions: Position[] = [];
    for (const [index, each] of given.entries()) {
      positions.push((await log().append(`${category}/${index}`, 'no-stream', [each])).position);
    }
    const subscriber = new Subscriber(log(), {
      after: positions[2]!,
      filter: { streamPrefixes: [category] },
    });
    await subscriber.received(3);
    await subscriber.caughtUp();
    expect(idsOf(subscriber.events)).toEqual(idsOf(given.slice(3)));
    await subscriber.stop();
  });

  it('delivers from the end only what comes', async () => {
    const category = stream('end');
    await log().append(`${category}/a`, 'no-stream', events(4));
    const subscriber = new Subscriber(log(), { after: 'end', filter: { streamPrefixes: [category] } });
    await subscriber.caughtUp();
    const coming = events(2);
    await log().append(`${category}/a`, 3, coming);
    await subscriber.received(2);
    expect(idsOf(subscriber.events)).toEqual(idsOf(coming));
    await subscriber.stop();
  });

  it('delivers the same events with the same places as a read', async () => {
    const category = stream('same');
    const from = (await log().lastPosition()) ?? 'start';
    await log().append(`${category}/学`, 'no-stream', [event('学.v1', { 名: '张', n: 1.5 }), event()]);
    const filter = { streamPrefixes: [category] };
    const subscriber = new Subscriber(log(), { after: 'start', filter });
    await subscriber.received(2);
    expect(subscriber.events).toEqual(await collect(log().readAll({ from, filter })));
    await subscriber.stop();
  });

  it('filters by types and prefixes', async () => {
    const category = stream('pick');
    const wanted = event(`${category}.Paid.v1`);
    await log().append(`${category}/x`, 'no-stream', [
      event(`${category}.Issued.v1`),
      wanted,
      event(`${category}.Paid.v2`),
    ]);
    await log().append(`other${category}`, 'no-stream', [event(`${category}.Paid.v1`)]);
    const filter = { streamPrefixes: [category], types: [`${category}.Paid.v1`] };
    const subscriber = new Subscriber(log(), { after: 'start', filter });
    await subscriber.caughtUp();
    const live = event(`${category}.Paid.v1`);
    await log().append(`${category}/x`, 2, [event(`${category}.Issued.v1`), live]);
    await subscriber.received(2);
    expect(idsOf(subscriber.events)).toEqual([wanted.id, live.id]);
    await subscriber.stop();
  });

  it('sends checkpoints over long stretches that do not match, and they serve to go on from', async () => {
    const category = stream('skip');
    const start = await log().lastPosition();
    for (let at = 0; at < 3_000; at += 500) {
      await log().append(`${category}/noise`, at === 0 ? 'no-stream' : at - 1, events(500, 'Noise.v1'));
    }
    const filter = { types: [`${category}.Wanted.v1`] };
    const subscriber = new Subscriber(log(), { after: start ?? 'start', filter });
    await subscriber.caughtUp();
    const checkpoints = subscriber.messages.flatMap((message) =>
      message.kind === 'checkpoint' ? [message.position] : [],
    );
    expect(checkpoints.length).toBeGreaterThan(0);
    expect([...checkpoints].sort(comparePositions)).toEqual(checkpoints);
    await subscriber.stop();
    const wanted = event(`${category}.Wanted.v1`);
    await log().append(`${category}/wanted`, 'no-stream', [wanted]);
    const resumed = new Subscriber(log(), { after: checkpoints.at(-1)!, filter });
    await resumed.received(1);
    expect(idsOf(resumed.events)).toEqual([wanted.id]);
    await resumed.stop();
  });

  it('finishes without an error when its signal aborts: idle, and with events coming', async () => {
    const category = stream('abort');
    const idle = new Subscriber(log(), { after: 'end', filter: { streamPrefixes: [category] } });
    await idle.caughtUp();
    await idle.stop();
    const busy = new Subscriber(log(), { after: 'start' });
    await log().append(`${category}/a`, 'no-stream', events(10));
    await busy.stop();
    const never = new Subscriber(log(), { after: 'start' });
    await never.stop();
  });

  it('lets several subscribers see the same', async () => {
    const category = stream('fan');
    const filter = { streamPrefixes: [category] };
    const subscribers = Array.from({ length: 5 }, () => new Subscriber(log(), { after: 'end', filter }));
    await Promise.all(subscribers.map((each) => each.caughtUp()));
    const given = events(50);
    await Promise.all(given.map((each, index) => log().append(`${category}/${index}`, 'no-stream', [each])));
    await Promise.all(subscribers.map((each) => each.received(50)));
    const orders = new Set(subscribers.map((each) => idsOf(each.events).join()));
    expect(orders.size).toBe(1);
    expect(idsOf(subscribers[0]!.events).sort()).toEqual(idsOf(given).sort());
    await Promise.all(subscribers.map((each) => each.stop()));
  });

  it('waits for a slow reader, and leaves nothing out', async () => {
    const category = stream('slow');
    const filter = { streamPrefixes: [category] };
    const subscriber = new Subscriber(
      log(),
      { after: 'end', filter },
      () => new Promise((resolve) => setTimeout(resolve, 20)),
    );
    await subscriber.caughtUp();
    const given: string[] = [];
    for (let batch = 0; batch < 20; batch += 1) {
      const added = events(200);
      given.push(...idsOf(added));
      await log().append(`${category}/a`, batch === 0 ? 'no-stream' : batch * 200 - 1, added);
    }
    await subscriber.received(4_000);
    expect(idsOf(subscriber.events)).toEqual(given);
    await subscriber.stop();
  });

  it('says caught-up again after it fell behind', async () => {
    const category = stream('behind');
    let hold: Promise<void> | undefined;
    const subscriber = new Subscriber(
      log(),
      { after: 'end', filter: { streamPrefixes: [category] } },
      () => hold,
    );
    await subscriber.caughtUp();
    let release: () => void = () => undefined;
    hold = new Promise((resolve) => (release = resolve));
    for (let batch = 0; batch < 12; batch += 1) {
      await log().append(`${category}/a`, batch === 0 ? 'no-stream' : batch * 500 - 1, events(500));
    }
    hold = undefined;
    release();
    await subscriber.received(6_000);
    await subscriber.caughtUp(2);
    expect(subscriber.events.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 6_000 }, (_, index) => index),
    );
    await subscriber.stop();
  }, 60_000);

  it('has no gap and no duplicate under concurrent appends, wherever subscribers join', async () => {
    const plan = fc.array(
      fc.record({ stream: fc.nat(4), size: fc.integer({ min: 1, max: 5 }), joins: fc.boolean() }),
      {
        minLength: 5,
        maxLength: 60,
      },
    );
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const category = stream('race');
        const from = (await log().lastPosition()) ?? 'start';
        const filter = { streamPrefixes: [category] };
        const subscribers = [new Subscriber(log(), { after: 'start', filter })];
        const appends: Promise<unknown>[] = [];
        let total = 0;
        for (const { stream: index, size, joins } of steps) {
          total += size;
          appends.push(log().append(`${category}/${index}`, 'any', events(size)));
          if (joins && subscribers.length < 4)
            subscribers.push(new Subscriber(log(), { after: 'start', filter }));
          if (joins) await appends.at(-1);
        }
        await Promise.all(appends);
        await Promise.all(subscribers.map((each) => each.received(total)));
        const read = await collect(log().readAll({ from, filter }));
        for (const subscriber of subscribers) {
          await subscriber.stop();
          expect(subscriber.events.map(({ id, position }) => [id, position])).toEqual(
            read.map(({ id, position }) => [id, position]),
          );
        }
        expect(read).toHaveLength(total);
      }),
      { numRuns: 8 },
    );
  }, 60_000);
}
