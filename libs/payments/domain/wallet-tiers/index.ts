export type * from './messages.js';
export { limitsOn, walletTiersDecider, type WalletTiersState } from './decider.js';
export { PUBLISHED_LIMITS } from './published.data.js';
