export type * from './messages.js';
export {
  isCancelled,
  receiptBookDecider,
  receiptNumber,
  sequenceOf,
  type ReceiptBookState,
} from './decider.js';
export { RECEIPT_PLACES, type ReceiptPlace, type ReceiptPlaces } from './receipt-places.js';
