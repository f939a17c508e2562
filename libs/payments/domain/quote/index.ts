export type * from './messages.js';
export { quoteDecider, type QuoteState } from './decider.js';
