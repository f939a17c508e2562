export type * from './messages.js';
export type { BillState, ClosedBill, KnownBill, LiveBill, PaymentShare } from './state.js';
export { isClosed, shareOf } from './state.js';
export { LAPSING_BILLS } from './lapsing-bills.js';
export type { LapsingBill, LapsingBillList } from './lapsing-bills.js';
export { duesOn, lastDayOf } from './dues.js';
export type { Dues } from './dues.js';
export { billDecider } from './decider.js';
