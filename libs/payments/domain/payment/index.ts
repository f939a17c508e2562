export type * from './messages.js';
export type * from './state.js';
export { paymentDecider } from './decider.js';
export { OPEN_PAYMENTS, type OpenPayment, type OpenPaymentList } from './open-payments.js';
