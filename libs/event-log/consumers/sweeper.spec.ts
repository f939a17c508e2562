import { describe, expect, it } from '@jest/globals';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { DONE, Sweeper, type SweptWork } from './sweeper.js';

const CURRENT = {
  status: () => [{ name: 'numbers', checkpoint: undefined, lagMs: 0, caughtUp: true, deadLetters: 0 }],
};

/** Numbers from 0 that are open; what was tried, in order. */
function numbers(
  count: number,
  finish: (id: string) => ReturnType<SweptWork<number>['finish']>,
  wholeList = false,
) {
  const tried: string[] = [];
  const runtime = manualRuntime();
  const work: SweptWork<number> = {
    name: 'number',
    wholeList,
    view: 'numbers',
    idleSince: (_moment, limit, after = -1) => {
      const rest = Array.from({ length: count }, (_, index) => index).filter((index) => index > after);
      return Promise.resolve(rest.slice(0, limit));
    },
    idOf: String,
    finish(id) {
      tried.push(id);
      return finish(id);
    },
  };
  return { sweeper: new Sweeper(work, CURRENT, runtime), tried, runtime };
}

describe('a sweeper', () => {
  it('comes by everything, however many wait before it, and not by the same again at once', async () => {
    const { sweeper, tried } = numbers(1_201, () => Promise.resolve({ done: false, reason: 'Waits.' }));
    for (let turn = 0; turn < 3; turn += 1) await sweeper.sweep(0);
    expect(tried).toHaveLength(1_201);
    expect(new Set(tried).size).toBe(1_201);
    expect(sweeper.reasonOf('1200')).toBe('Waits.');
    await sweeper.sweep(0);
    expect(tried).toHaveLength(1_201);
  });

  it('comes by everything in one sweep where the whole list is asked for', async () => {
    const { sweeper, tried } = numbers(1_201, () => Promise.resolve(DONE), true);
    await sweeper.sweep(0);
    expect(new Set(tried).size).toBe(1_201);
    await sweeper.sweep(0);
    expect(tried).toHaveLength(2_402);
  });

  it('holds up no start with a long list: it looks at one page, and at the rest a second later', async () => {
    const { sweeper, tried, runtime } = numbers(1_201, () => Promise.resolve(DONE), true);
    await sweeper.start();
    expect(tried).toHaveLength(500);
    await runtime.advance(1_000);
    await sweeper.stop();
    expect(new Set(tried).size).toBe(1_201);
  });

  it('keeps the reason of what fails, goes on with the others, and forgets what is done', async () => {
    let broken = true;
    const { sweeper, tried } = numbers(3, (id) =>
      id === '1' && broken ? Promise.reject(new Error('No.')) : Promise.resolve(DONE),
    );
    await sweeper.sweep(0);
    expect(tried.toSorted()).toEqual(['0', '1', '2']);
    expect([0, 1, 2].map((id) => sweeper.reasonOf(String(id)))).toEqual([undefined, 'Error: No.', undefined]);
    broken = false;
    await sweeper.sweep(0);
    expect(tried.slice(3).toSorted()).toEqual(['0', '2']);
  });
});
