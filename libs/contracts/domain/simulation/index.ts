export type * from './types.js';
export { MOST_SIMULATED_ACTS } from './types.js';
export { simulate } from './simulate.js';
