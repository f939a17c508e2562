export { systemClock } from './clock.js';
export { systemRng } from './rng.js';
export { uuidV7Ids } from './ids.js';
export { systemTimers } from './timers.js';
export { systemRuntime } from './runtime.js';
