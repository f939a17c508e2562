export type * from './messages.js';
export { paymentLinkDecider } from './decider.js';
export { isLinkCode, linkCodeOf } from './link-code.js';
