import { describe, expect, it } from '@jest/globals';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { Pace } from './pace.js';

async function isOver(rest: Promise<void>): Promise<boolean> {
  return Promise.race([rest.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
}

describe('Pace', () => {
  const { signal } = new AbortController();

  it('does not rest in quiet times', async () => {
    const pace = new Pace(manualRuntime(), () => false);
    expect(await isOver(pace.afterBatch(99, signal))).toBe(true);
  });

  it('rests after many events in a short time, and no longer than it says', async () => {
    const outside = manualRuntime();
    const pace = new Pace(outside, () => false);
    await pace.afterBatch(60, signal);
    const rest = pace.afterBatch(60, signal);
    expect(await isOver(rest)).toBe(false);
    await outside.advance(50);
    expect(await isOver(rest)).toBe(true);
  });

  it('forgets a busy time that is over', async () => {
    const outside = manualRuntime();
    const pace = new Pace(outside, () => false);
    await pace.afterBatch(60, signal);
    await outside.advance(51);
    expect(await isOver(pace.afterBatch(60, signal))).toBe(true);
  });

  it('does not rest while somebody waits, and gets up for who begins to', async () => {
    const awaited = new Pace(manualRuntime(), () => true);
    expect(await isOver(awaited.afterBatch(1_000, signal))).toBe(true);
    const pace = new Pace(manualRuntime(), () => false);
    const rest = pace.afterBatch(1_000, signal);
    expect(await isOver(rest)).toBe(false);
    pace.hurry();
    expect(await isOver(rest)).toBe(true);
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    const pace = new Pace(manualRuntime(), () => false);
    const rest = pace.afterBatch(1_000, stop.signal);
    stop.abort();
    expect(await isOver(rest)).toBe(true);
  });
});
