export type * from './types.js';
export { MOST_SIMULATED_ACTS, MOST_SIMULATED_LINES } from './types.js';
export { simulate } from './simulate.js';
