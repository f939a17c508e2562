import type { Timers } from '#libs/runtime/port/index.js';

/** Timers of the event loop. `after` and `every` alone don't keep a process alive; `sleep` does. */
export const systemTimers: Timers = {
  sleep(durationMs, signal) {
    return new Promise<void>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, durationMs);
      function onAbort(): void {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      }
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
  after(durationMs, run) {
    const timer = setTimeout(run, durationMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};
