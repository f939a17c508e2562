export type * from './messages.js';
export { isSameSpending, voucherSpendDecider, type SpendingState } from './decider.js';
