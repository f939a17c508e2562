import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppendOutcomeUnknown, LogUnavailable, type Position } from '#libs/event-log/port/index.js';
import { ConsumersWorld, depositOf, openTill, tillManager } from '#libs/testing/consumers-world.js';
import { tillRows, tillView } from '#libs/testing/till-view.js';
import type { DecodedEvent } from '../codec/index.js';

let given: ConsumersWorld;
beforeEach(() => {
  given = new ConsumersWorld();
});
afterEach(() => given.close());

describe('process managers', () => {
  it('react to each event once, store how far they are, and go on from there', async () => {
    const reacted: number[] = [];
    const react = async ({ revision }: DecodedEvent) => void reacted.push(revision);
    await given.send('a', openTill);
    const first = await given.start({ managers: [tillManager(react)] });
    await first.caughtUp();
    await given.send('a', depositOf(1n));
    await first.caughtUp();
    await first.stop();
    expect(await given.views.checkpoint('manager')).toBe(await given.world.log.lastPosition());
    await given.send('a', depositOf(2n));
    const again = await given.start({ managers: [tillManager(react)] });
    await again.caughtUp();
    expect(reacted).toEqual([0, 1, 2]);
  });

  it('repeat after passing faults for as long as they last, and after others a few times, then put the event aside', async () => {
    const tries: Record<number, number> = {};
    await given.send('a', openTill);
    await given.send('a', depositOf(1n));
    await given.send('a', depositOf(2n));
    const consumers = await given.start({
      managers: [
        tillManager(async ({ revision }) => {
          tries[revision] = (tries[revision] ?? 0) + 1;
          if (revision === 0 && tries[0]! < 12) throw new LogUnavailable('later');
          if (revision === 1) throw new Error('never');
          if (revision === 2 && tries[2]! < 3) throw new AppendOutcomeUnknown('who knows');
        }),
      ],
    });
    await consumers.caughtUp();
    expect(tries).toEqual({ 0: 12, 1: 5, 2: 3 });
    expect(await given.deadLetters()).toMatchObject([
      { consumer: 'manager', revision: 1, reason: 'Error: never' },
    ]);
    expect(consumers.status()[0]).toMatchObject({ deadLetters: 1, caughtUp: true });
  });

  it('keep the order within a stream and overlap streams as far as allowed', async () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      await given.send(id, openTill);
      for (let count = 0; count < 5; count += 1) await given.send(id, depositOf(1n));
    }
    const order: Record<string, number[]> = {};
    const running = { now: 0, most: 0 };
    const react = async ({ stream, revision }: DecodedEvent): Promise<void> => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await given.pause();
      (order[stream] ??= []).push(revision);
      running.now -= 1;
    };
    const consumers = await given.start({ managers: [tillManager(react, { concurrency: 3 })] });
    await consumers.caughtUp();
    const all = [0, 1, 2, 3, 4, 5];
    expect(order).toEqual({ 'till-a': all, 'till-b': all, 'till-c': all, 'till-d': all });
    expect(running.most).toBe(3);
  });

  it('never store a checkpoint past a reaction that is not done', async () => {
    const ids = ['a', 'b', 'c'];
    for (const id of ids) await given.send(id, openTill);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const reacted: string[] = [];
    const consumers = await given.start({
      managers: [
        tillManager(
          async ({ stream }) => {
            if (stream === 'till-a') await gate;
            reacted.push(stream);
          },
          { concurrency: 3 },
        ),
      ],
    });
    while (reacted.length < 2) await given.pause();
    expect(await given.views.checkpoint('manager')).toBeUndefined();
    expect(consumers.status()[0]).toMatchObject({ checkpoint: undefined, caughtUp: false });
    release();
    await consumers.caughtUp();
    await consumers.stop();
    expect(await given.views.checkpoint('manager')).toBe(await given.world.log.lastPosition());
  });

  it('are told when the log has been read to its end, after their reactions', async () => {
    await given.send('a', openTill);
    const told: string[] = [];
    const consumers = await given.start({
      managers: [
        tillManager(async () => void told.push('reacted'), {
          caughtUp: async () => void told.push('caught up'),
        }),
      ],
    });
    await consumers.caughtUp();
    while (told.length < 2) await given.pause();
    expect(told).toEqual(['reacted', 'caught up']);
  });

  it('that are slow hold up nobody else', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const reacted: number[] = [];
    const consumers = await given.start({
      projections: [tillView],
      managers: [tillManager(async ({ revision }) => (await gate, void reacted.push(revision)))],
    });
    await given.send('a', openTill);
    let last: Position | undefined;
    for (let count = 0; count < 2_500; count += 1) last = await given.send('a', depositOf(1n));
    await consumers.waitFor(last!, 5_000);
    expect((await tillRows(given.views))[0]).toMatchObject({ deposits: 2_500 });
    release();
    await consumers.caughtUp();
    expect(reacted).toEqual(Array.from({ length: 2_501 }, (_, index) => index));
  });
});
