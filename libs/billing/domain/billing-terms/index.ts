export type * from './messages.js';
export type { BillingTermsState } from './decider.js';
export { billingTermsDecider, DEFAULT_TERMS, termsOn, versionOn } from './decider.js';
