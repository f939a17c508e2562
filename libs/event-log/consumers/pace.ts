import type { Timers } from '#libs/runtime/port/index.js';

/**
 * How long the common feed rests after a batch, ms. Under load the next batch then holds what came meanwhile, and its
 * transactions cost once per batch instead of once per group commit of the log; short enough that nobody watching notices.
 */
const REST_MS = 50;

/** Rests between batches, unless somebody waits for a view. */
export class Pace {
  #wake: (() => void) | undefined;

  constructor(
    private readonly timers: Timers,
    private readonly isAwaited: () => boolean,
  ) {}

  /** Resolves after the rest, or at once when somebody waits or the signal aborts. */
  rest(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.isAwaited()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        this.#wake = undefined;
        resolve();
      };
      const cancel = this.timers.after(REST_MS, end);
      signal.addEventListener('abort', end, { once: true });
      this.#wake = end;
    });
  }

  /** Somebody waits now. */
  hurry(): void {
    this.#wake?.();
  }
}
