import { CNY, money } from '#libs/kernel/money/index.js';
import type { HardWalletView } from '../../contract/index.js';
import type { HardWalletState } from '../../domain/hard-wallet/index.js';

/** As it is now, from the write side. @throws Error for one that is not in the log */
export function hardWalletViewOf(state: HardWalletState): HardWalletView {
  if (state.status === 'absent') throw new Error('A hard wallet is not in the log.');
  const { hardWalletId, walletId, balance, permitted, lastCounter } = state;
  return { id: hardWalletId, walletId, balance: money(CNY, balance), permitted, lastCounter };
}
