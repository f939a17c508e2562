import type { Runtime } from '#libs/runtime/port/index.js';
import { systemClock } from './clock.js';
import { uuidV7Ids } from './ids.js';
import { systemRng } from './rng.js';
import { systemTimers } from './timers.js';

/** The real outside world, as one bundle. */
export function systemRuntime(): Runtime {
  return { clock: systemClock, rng: systemRng, ids: uuidV7Ids(systemClock, systemRng), timers: systemTimers };
}
