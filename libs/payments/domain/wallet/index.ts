export type * from './messages.js';
export { holdOf, type OpenWallet, type WalletState } from './state.js';
export { walletDecider } from './decider.js';
