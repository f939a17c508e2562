import { money } from '#libs/kernel/money/index.js';
import type { WalletView } from '../contract/index.js';
import type { OpenWallet, WalletState } from '../domain/wallet/index.js';

/** The wallet as it is now, from the write side. */
export function walletViewOf(wallet: OpenWallet): WalletView {
  const { walletId, owner, label, tier, institutionId, frozen, asset, available, held } = wallet;
  return {
    id: walletId,
    owner,
    label,
    tier,
    ...(institutionId !== undefined && { institutionId }),
    frozen,
    balance: money(asset, available + held),
    held: money(asset, held),
    available: money(asset, available),
  };
}

/** After an accepted command. @throws Error for a wallet that is not in the log */
export function viewAfter(state: WalletState): WalletView {
  if (state.status === 'absent') throw new Error('A wallet that took a command is not in the log.');
  return walletViewOf(state);
}
