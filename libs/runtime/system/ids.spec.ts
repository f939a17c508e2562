import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#libs/kernel/time/index.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { systemRuntime, uuidV7Ids } from './index.js';

describe('uuidV7Ids', () => {
  it('carries the time, the version and the variant', () => {
    const outside = manualRuntime({ start: '2022-02-22T19:22:22.000Z' });
    const id = uuidV7Ids(outside.clock, outside.rng).next();
    // The example of RFC 9562, appendix A.6, has this time.
    expect(id.slice(0, 15)).toBe('017f22e2-79b0-7');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('only grows, with the clock standing still and with the clock set back', () => {
    const outside = manualRuntime();
    const ids = uuidV7Ids(outside.clock, outside.rng);
    const drawn = Array.from({ length: 10_000 }, () => ids.next());
    outside.setNow(parseInstant('2026-08-31T00:00:00.000Z'));
    for (let i = 0; i < 10_000; i += 1) drawn.push(ids.next());
    expect(drawn).toEqual([...drawn].sort());
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

describe('systemRuntime', () => {
  it('sleeps, wakes and is woken by a signal', async () => {
    const { timers, clock } = systemRuntime();
    const before = clock.monotonicMs();
    await timers.sleep(20);
    expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(19);
    const reason = new Error('enough');
    await expect(timers.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = timers.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it('cancels', async () => {
    const { timers } = systemRuntime();
    let fired = 0;
    timers.after(1, () => (fired += 1))();
    const stop = timers.every(2, () => (fired += 1));
    await timers.sleep(15);
    stop();
    const atStop = fired;
    await timers.sleep(10);
    expect(atStop).toBeGreaterThan(0);
    expect(fired).toBe(atStop);
  });
});
