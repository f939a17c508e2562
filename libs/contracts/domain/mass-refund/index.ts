export type * from './messages.js';
export * from './closure-rule.js';
export { LIVE_CONTRACTS, type LiveContractList, type LiveContractsOf } from './live-contracts.js';
export { OPEN_MASS_REFUNDS, type OpenMassRefund, type OpenMassRefunds } from './open-mass-refunds.js';
export { added, massRefundDecider, type KnownMassRefund, type MassRefundState } from './decider.js';
