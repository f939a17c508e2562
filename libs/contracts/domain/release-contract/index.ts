export type * from './messages.js';
export type * from './state.js';
export { contractDecider } from './decider.js';
export { bookOf, fundable, heldBy, totalsOf } from './figures.js';
export { isEnded } from './state.js';
export { nextDueAt } from './timers.js';
