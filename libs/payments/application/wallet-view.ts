import { money } from '#libs/kernel/money/index.js';
import type { WalletView } from '../contract/index.js';
import type { OpenWallet } from '../domain/wallet/index.js';

/** The wallet as it is now, from the write side. */
export function walletViewOf({ walletId, owner, asset, available, held }: OpenWallet): WalletView {
  return {
    id: walletId,
    owner,
    balance: money(asset, available + held),
    held: money(asset, held),
    available: money(asset, available),
  };
}
