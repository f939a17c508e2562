export type * from './messages.js';
export { feeItemDecider, type FeeItemState } from './decider.js';
