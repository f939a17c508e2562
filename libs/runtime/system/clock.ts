import type { Clock } from '#libs/runtime/port/index.js';
import { instantFromEpochMs } from '#libs/kernel/time/index.js';

/** The machine's clock; monotonic time counts from the start of the process. */
export const systemClock: Clock = {
  now: () => instantFromEpochMs(Date.now()),
  monotonicMs: () => performance.now(),
};
