export type * from './messages.js';
export type { OpenWallet, WalletState } from './state.js';
export { walletDecider } from './decider.js';
