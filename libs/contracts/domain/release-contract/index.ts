export type * from './messages.js';
export type * from './state.js';
export { contractDecider } from './decider.js';
export {
  availableIn,
  bookOf,
  booksOf,
  frozenIn,
  fundable,
  heldBy,
  owedBy,
  owedOf,
  owedOn,
  reservedIn,
  totalsOf,
  unitStandsStill,
  unsignedAmendmentIn,
  unsignedIn,
} from './figures.js';
export { isEnded } from './state.js';
export { nextDueAt } from './timers.js';
export { unitKey } from './units.js';
