export type * from './messages.js';
export { receiptBookDecider, receiptNumber, sequenceOf, type ReceiptBookState } from './decider.js';
