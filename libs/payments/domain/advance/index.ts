export type * from './messages.js';
export { advanceDecider, type AdvanceState, type OpenAdvance } from './decider.js';
export { FUNDED_ADVANCES, type FundedAdvanceList } from './funded-advances.js';
