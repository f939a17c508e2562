import type { Provider } from '@nestjs/common';
import { CloseSubWalletHandler } from './close-sub-wallet.js';
import { FreezeWalletHandler } from './freeze-wallet.js';
import { WalletInstitutionsHandler, WalletPrecheckHandler } from './precheck.js';
import { PushSubWalletHandler } from './push-sub-wallet.js';
import { RelimitSubWalletHandler } from './relimit-sub-wallet.js';
import { SetTierLimitsHandler } from './set-tier-limits.js';
import { TierLimitsApproved } from './tier-limits-approved.js';
import { WalletTierLimitsHandler } from './tier-limits-on.js';
import { UpgradeWalletHandler } from './upgrade-wallet.js';
import { WalletLimitsOf } from './wallet-limits.js';

export { TierLimitsApproved, WalletLimitsOf };

/** Needs `DECIDER_STORE`, `RUNTIME`, `IDENTITY_CHECK` and `APPROVALS`; `TierLimitsApproved` waits for approvals. */
export const walletsApplication: readonly Provider[] = [
  WalletLimitsOf,
  UpgradeWalletHandler,
  FreezeWalletHandler,
  WalletPrecheckHandler,
  WalletInstitutionsHandler,
  SetTierLimitsHandler,
  TierLimitsApproved,
  WalletTierLimitsHandler,
  PushSubWalletHandler,
  RelimitSubWalletHandler,
  CloseSubWalletHandler,
];
