export type * from './messages.js';
export { voidsReceipt } from './messages.js';
export type * from './state.js';
export { refundDecider } from './decider.js';
export { OPEN_REFUNDS, type OpenRefund, type OpenRefundList } from './open-refunds.js';
