import { accept } from '#libs/kernel/decider/index.js';
import { find } from '../receipt-book/id-trie.js';
import type { CloseSubWallet, PushSubWallet, RelimitSubWallet, SubWalletLimits } from './messages.js';
import { isOwn, noSuchWallet, refuse, type WalletDecision } from './refusals.js';
import { MOST_SUB_WALLETS, type OpenWallet, type SubWallet, type WalletState } from './state.js';

/** The id derives from the caller's key: the same push again is no news, even after the sub-wallet was closed. */
export function pushSubWallet(command: PushSubWallet, state: WalletState): WalletDecision {
  const { tenant, owner, subWalletId, token, organisationId, scene, limits, at } = command;
  if (!isOwn(state, tenant, owner)) return noSuchWallet();
  const known = state.subWallets.find((one) => one.subWalletId === subWalletId);
  if (known) {
    const same =
      known.organisationId === organisationId &&
      known.scene === scene &&
      known.single === limits.single.amount &&
      known.day === limits.day.amount;
    if (same) return accept();
    return refuse('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
  }
  if (find(state.closedSubWallets, subWalletId))
    return refuse('SUB_WALLET_CLOSED', 'The sub-wallet was closed.');
  const refusal = limitsRefusal(state, limits);
  if (refusal) return refusal;
  if (state.subWallets.length >= MOST_SUB_WALLETS) {
    const details = { limit: String(MOST_SUB_WALLETS) };
    return refuse('TOO_MANY_SUB_WALLETS', `At most ${MOST_SUB_WALLETS} sub-wallets at a time.`, details);
  }
  const data = {
    walletId: state.walletId,
    subWalletId,
    token,
    organisationId,
    ...(scene !== undefined && { scene }),
    ...limits,
    pushedAt: at,
  };
  return accept({ type: 'SubWalletPushed', data });
}

/** Counts at once, for what was spent today too. */
export function relimitSubWallet(
  { tenant, owner, subWalletId, limits }: RelimitSubWallet,
  state: WalletState,
): WalletDecision {
  if (!isOwn(state, tenant, owner)) return noSuchWallet();
  const found = openSubWallet(state, subWalletId);
  if ('accepted' in found) return found;
  const refusal = limitsRefusal(state, limits);
  if (refusal) return refusal;
  if (found.single === limits.single.amount && found.day === limits.day.amount) return accept();
  return accept({ type: 'SubWalletRelimited', data: { walletId: state.walletId, subWalletId, ...limits } });
}

/** At once: a hold that comes later is refused. What was promised before stays promised. */
export function closeSubWallet(
  { tenant, owner, subWalletId }: CloseSubWallet,
  state: WalletState,
): WalletDecision {
  if (!isOwn(state, tenant, owner)) return noSuchWallet();
  if (find(state.closedSubWallets, subWalletId)) return accept();
  const found = openSubWallet(state, subWalletId);
  if ('accepted' in found) return found;
  return accept({ type: 'SubWalletClosed', data: { walletId: state.walletId, subWalletId } });
}

function openSubWallet(wallet: OpenWallet, subWalletId: string): SubWallet | WalletDecision {
  const found = wallet.subWallets.find((one) => one.subWalletId === subWalletId);
  if (found) return found;
  if (find(wallet.closedSubWallets, subWalletId))
    return refuse('SUB_WALLET_CLOSED', 'The sub-wallet was closed.');
  return refuse('SUB_WALLET_NOT_FOUND', 'There is no such sub-wallet.');
}

function limitsRefusal({ asset }: OpenWallet, { single, day }: SubWalletLimits): WalletDecision | undefined {
  const sound =
    single.asset === asset && day.asset === asset && single.amount > 0n && day.amount >= single.amount;
  return sound
    ? undefined
    : refuse('INVALID_AMOUNT', 'Limits are above zero, and that of a day is not below that of a payment.');
}
