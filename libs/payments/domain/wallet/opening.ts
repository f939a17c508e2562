import { accept } from '#libs/kernel/decider/index.js';
import { WALLET_TIERS } from './limits.js';
import type { OpenWalletCommand, UpgradeWallet, WalletEvent } from './messages.js';
import { isOwn, noSuchWallet, type WalletDecision } from './refusals.js';
import type { WalletState } from './state.js';

/** The wallet's id derives from tenant, account and label, so that an open wallet is the very one asked for. */
export function open(
  { walletId, tenant, owner, label, asset, holder, institutionId }: OpenWalletCommand,
  state: WalletState,
): WalletDecision {
  if (state.status === 'open') return accept();
  const data = { walletId, tenant, owner, label, asset };
  if (!holder) return accept({ type: 'WalletOpened', data });
  const opened: WalletEvent = {
    type: 'WalletOpened',
    data: { ...data, tier: 'IV', ...(institutionId !== undefined && { institutionId }) },
  };
  const registered: WalletEvent = { type: 'WalletHolderRegistered', data: { walletId, ...holder } };
  return accept<WalletEvent>(opened, registered);
}

/** Only ever upwards; a tier that the wallet has already is no news. */
export function upgrade(
  { tenant, owner, tier, identity }: UpgradeWallet,
  state: WalletState,
): WalletDecision {
  if (!isOwn(state, tenant, owner)) return noSuchWallet();
  if (WALLET_TIERS.indexOf(tier) <= WALLET_TIERS.indexOf(state.tier)) return accept();
  const data = { walletId: state.walletId, from: state.tier, to: tier, identity };
  return accept({ type: 'WalletUpgraded', data });
}
