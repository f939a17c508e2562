export type * from './messages.js';
export { mandateDecider, type KnownMandate, type MandateState } from './decider.js';
export { DUE_MANDATES, type DueMandate, type DueMandates } from './due-mandates.js';
