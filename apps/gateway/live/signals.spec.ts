import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import type { Timers } from '#libs/runtime/port/index.js';
import { views } from './resolvers.js';
import { LiveSignals } from './signals.js';

/** Signals of payments, with pauses that end when the test says so. */
function live() {
  let applied: Parameters<Consumers['onApplied']>[0] = () => undefined;
  const pauses: (() => void)[] = [];
  const timers = {
    sleep: (_durationMs: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        pauses.push(resolve);
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  } as unknown as Timers;
  const signals = new LiveSignals(
    { onApplied: (listener) => ((applied = listener), () => undefined) },
    { payment: 'payments' },
    timers,
  );
  return {
    signals,
    change: (id: string) =>
      applied('payments', [
        { stream: `payment-${id}`, metadata: { organisation: 'school-1' } } as unknown as DecodedEvent,
      ]),
    endPause: () => pauses.shift()?.(),
  };
}

/** Whether it is settled already, after everything that can go on has gone on. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  void promise.then(() => (isSettled = true));
  for (let count = 0; count < 5; count += 1) await turn();
  return isSettled;
}

describe('live signals', () => {
  it('tell of a thing once per pause, also when it changes while its last change is being answered', async () => {
    const { signals, change, endPause } = live();
    const ids = signals.watch('payment@school-1', { pauseMs: 250 });
    change('1');
    change('2');
    expect(await ids.next()).toEqual({ done: false, value: '1' });
    change('1');
    expect(await ids.next()).toEqual({ done: false, value: '2' });
    const again = ids.next();
    expect(await settled(again)).toBe(false);
    change('1');
    endPause();
    expect(await again).toEqual({ done: false, value: '1' });
    const more = ids.next();
    expect(await settled(more)).toBe(false);
    await ids.return();
    expect(signals.watching).toBe(0);
  });

  it('are watched no longer when the first reading fails', async () => {
    const { signals } = live();
    const watched = views(signals, {
      topic: 'payment:1',
      pauseMs: 0,
      first: '1',
      read: () => Promise.reject(new Error('The views are away.')),
    });
    expect(signals.watching).toBe(1);
    await expect(watched.next()).rejects.toThrow('The views are away.');
    expect(signals.watching).toBe(0);
  });
});
