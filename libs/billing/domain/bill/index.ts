export type * from './messages.js';
export type { BillState, KnownBill, LiveBill, PaymentShare } from './state.js';
export { shareOf } from './state.js';
export { billDecider } from './decider.js';
