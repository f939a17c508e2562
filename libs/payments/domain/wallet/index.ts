export type * from './messages.js';
export type { OpenWallet, SubWallet, WalletState } from './state.js';
export { walletDecider } from './decider.js';
export {
  balanceLimitHit,
  detailsOf as limitDetails,
  WALLET_TIERS,
  type LimitHit,
  type LimitName,
  type LimitsByTier,
  type Suggestion,
  type TierLimits,
  type WalletTier,
} from './limits.js';
export { OPERATING_INSTITUTIONS, type OperatingInstitution } from './institutions.data.js';
