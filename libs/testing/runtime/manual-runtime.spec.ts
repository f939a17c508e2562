import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#libs/kernel/time/index.js';
import { manualRuntime } from './index.js';

describe('manualRuntime', () => {
  it('fires timers in order of time and of setting, and lets what they await run', async () => {
    const { timers, clock, advance, pendingTimers } = manualRuntime();
    const seen: string[] = [];
    timers.after(20, () => seen.push(`b@${clock.monotonicMs()}`));
    timers.after(10, () => seen.push(`a@${clock.monotonicMs()}`));
    timers.after(20, () => seen.push('c'));
    timers.after(15, () => seen.push('never'))();
    const stop = timers.every(8, () => seen.push(`e@${clock.monotonicMs()}`));
    const chain = (async () => {
      await timers.sleep(5);
      await timers.sleep(5);
      seen.push(`slept@${clock.monotonicMs()}`);
    })();
    await advance(20);
    await chain;
    stop();
    expect(seen).toEqual(['e@8', 'a@10', 'slept@10', 'e@16', 'b@20', 'c']);
    expect(clock.now()).toBe('2026-09-01T00:00:00.020Z');
    expect(pendingTimers()).toBe(0);
  });

  it('rejects a sleep whose signal aborts', async () => {
    const { timers, pendingTimers } = manualRuntime();
    const controller = new AbortController();
    const sleeping = timers.sleep(1_000, controller.signal);
    controller.abort(new Error('stop'));
    await expect(sleeping).rejects.toThrow('stop');
    expect(pendingTimers()).toBe(0);
  });

  it('repeats bytes and ids from the same seed', () => {
    const [one, two, other] = [
      manualRuntime({ seed: 7 }),
      manualRuntime({ seed: 7 }),
      manualRuntime({ seed: 8 }),
    ];
    const bytes = one.rng.bytes(32);
    expect(two.rng.bytes(32)).toEqual(bytes);
    expect(other.rng.bytes(32)).not.toEqual(bytes);
    expect([one.ids.next(), one.ids.next()]).toEqual([
      '00000000-0000-7000-8000-000000000001',
      '00000000-0000-7000-8000-000000000002',
    ]);
  });

  it('sets the wall clock without touching the monotonic one', async () => {
    const { clock, setNow, advance } = manualRuntime();
    await advance(1_000);
    setNow(parseInstant('2026-01-01T00:00:00.000Z'));
    await advance(1);
    expect(clock.now()).toBe('2026-01-01T00:00:00.001Z');
    expect(clock.monotonicMs()).toBe(1_001);
  });
});
