export type * from './messages.js';
export { contractOriginsDecider, returnOf, type ContractOriginsState } from './decider.js';
