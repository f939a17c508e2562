export type * from './messages.js';
export { payerCodeDecider } from './decider.js';
export { isPayerCode, nonceIn, nonceOf, passesLuhn, payerCodeOf } from './digits.js';
