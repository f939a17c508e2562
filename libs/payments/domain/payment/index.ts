export { CANCELLED_CODE } from './messages.js';
export type * from './messages.js';
export type * from './authorisation-messages.js';
export type * from './late-success-messages.js';
export type * from './refund-messages.js';
export type * from './state.js';
export { operationIdOf } from './state.js';
export { fundsContracts, isOutside, type Channel, type OutsideChannel, type Tender } from './tender.js';
export { paymentDecider } from './decider.js';
export { refundableOf } from './refund-fence.js';
export {
  OPEN_PAYMENTS,
  type OpenPayment,
  type OpenPaymentList,
  type OpenPaymentStatus,
} from './open-payments.js';
