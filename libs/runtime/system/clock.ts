import type { Clock } from '#libs/runtime/port/index.js';
import { type Instant, instantFromEpochMs } from '#libs/kernel/time/index.js';

let lastMs = Number.NaN;
let lastInstant: Instant;

/** One payment asks a dozen times, mostly within a millisecond; writing a date as text costs more than asking for it. */
function now(): Instant {
  const epochMs = Date.now();
  if (epochMs !== lastMs) {
    lastInstant = instantFromEpochMs(epochMs);
    lastMs = epochMs;
  }
  return lastInstant;
}

/** The machine's clock; monotonic time counts from the start of the process. */
export const systemClock: Clock = {
  now,
  monotonicMs: () => performance.now(),
};
