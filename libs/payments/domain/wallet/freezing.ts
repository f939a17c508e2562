import { accept } from '#libs/kernel/decider/index.js';
import type { FreezeOrThaw } from './messages.js';
import { noSuchWallet, type WalletDecision } from './refusals.js';
import type { WalletState } from './state.js';

/** Money still comes in, and what was promised before is kept; nothing new leaves. */
export function freezeOrThaw({ kind, tenant, reason, at }: FreezeOrThaw, state: WalletState): WalletDecision {
  if (state.status === 'absent' || state.tenant !== tenant) return noSuchWallet();
  const { walletId } = state;
  if (state.frozen === (kind === 'freeze')) return accept();
  return kind === 'freeze'
    ? accept({ type: 'WalletFrozen', data: { walletId, reason, frozenAt: at } })
    : accept({ type: 'WalletThawed', data: { walletId, reason, thawedAt: at } });
}
