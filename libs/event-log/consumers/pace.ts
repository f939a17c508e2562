import type { Runtime } from '#libs/runtime/port/index.js';

/**
 * How long the common feed rests after a batch of a busy time, ms. The next batch then holds what came meanwhile: its
 * transactions cost once per batch instead of once per group commit of the log, and rows that several events concern are
 * written once.
 */
const REST_MS = 50;
/** Events within that time from which on a time is busy: some fifteen payments. Below, views follow without any delay. */
const BUSY_EVENTS = 100;

/** Rests between batches in busy times, unless somebody waits for a view. */
export class Pace {
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #events = 0;
  #wake: (() => void) | undefined;

  constructor(
    private readonly runtime: Pick<Runtime, 'clock' | 'timers'>,
    private readonly isAwaited: () => boolean,
  ) {}

  /** After a batch of so many events. Resolves at once, or after the rest: earlier when somebody waits or the signal aborts. */
  afterBatch(events: number, signal: AbortSignal): Promise<void> {
    const nowMs = this.runtime.clock.monotonicMs();
    if (nowMs - this.#windowStartMs > REST_MS) {
      this.#windowStartMs = nowMs;
      this.#events = 0;
    }
    this.#events += events;
    if (this.#events < BUSY_EVENTS || signal.aborted || this.isAwaited()) return Promise.resolve();
    return this.#rest(signal);
  }

  /** Somebody waits now. */
  hurry(): void {
    this.#wake?.();
  }

  #rest(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        this.#wake = undefined;
        resolve();
      };
      const cancel = this.runtime.timers.after(REST_MS, end);
      signal.addEventListener('abort', end, { once: true });
      this.#wake = end;
    });
  }
}
