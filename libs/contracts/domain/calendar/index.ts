export type * from './types.js';
export { compareDurations, isZero, parseDuration, shortestMs } from './duration.js';
export { addDuration, dayOf, isWorkingDay, WEEKDAYS } from './add-duration.js';
export { assertZone } from './zone.js';
