import type { Cancel, Timers } from '#libs/runtime/port/index.js';

interface Pending {
  readonly atMs: number;
  /** Breaks ties: timers of the same moment fire in the order they were set. */
  readonly order: number;
  readonly run: () => void;
}

export interface TimerQueue {
  /** Removes and returns the earliest timer due at or before `untilMs`. */
  takeDue(untilMs: number): { readonly atMs: number; run(): void } | undefined;
  pending(): number;
}

export function manualTimers(nowMs: () => number): Timers & TimerQueue {
  const queue = new Set<Pending>();
  let order = 0;

  function schedule(atMs: number, run: () => void): Cancel {
    const timer: Pending = { atMs, order: (order += 1), run };
    queue.add(timer);
    return () => void queue.delete(timer);
  }

  return {
    sleep(durationMs, signal) {
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const onAbort = (): void => {
          cancel();
          reject(signal?.reason as Error);
        };
        const cancel = schedule(nowMs() + durationMs, () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
    after: (durationMs, run) => schedule(nowMs() + durationMs, run),
    every(periodMs, run) {
      if (periodMs <= 0) throw new RangeError(`A period must be positive, not ${periodMs} ms.`);
      let cancelled = false;
      let cancelNext: Cancel = () => undefined;
      const arm = (atMs: number): void => {
        cancelNext = schedule(atMs, () => {
          arm(atMs + periodMs);
          run();
          if (cancelled) cancelNext();
        });
      };
      arm(nowMs() + periodMs);
      return () => {
        cancelled = true;
        cancelNext();
      };
    },
    takeDue(untilMs) {
      let first: Pending | undefined;
      for (const timer of queue) {
        if (timer.atMs > untilMs) continue;
        if (!first || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order))
          first = timer;
      }
      if (first) queue.delete(first);
      return first;
    },
    pending: () => queue.size,
  };
}
