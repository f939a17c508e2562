export type * from './messages.js';
export { BUILT_IN_REGIONS } from './built-in.js';
export { regionDecider, setOn, type KnownProposal, type RegionState } from './decider.js';
