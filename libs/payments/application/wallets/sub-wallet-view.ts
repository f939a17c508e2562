import { money } from '#libs/kernel/money/index.js';
import type { SubWalletId, SubWalletView } from '../../contract/index.js';
import type { OpenWallet, SubWallet, WalletEvent, WalletState } from '../../domain/wallet/index.js';

/** A sub-wallet as it is now; `undefined` when the wallet has none of that id open. */
export function openSubWallet(wallet: WalletState, subWalletId: SubWalletId): SubWalletView | undefined {
  if (wallet.status === 'absent') return undefined;
  const found = wallet.subWallets.find((one) => one.subWalletId === subWalletId);
  return found && viewOf(wallet, found);
}

/** As it is now; if it was closed since, as it was pushed. @throws Error when it never was */
export function pushedView(
  { state, events }: { readonly state: WalletState; readonly events: readonly WalletEvent[] },
  subWalletId: SubWalletId,
): SubWalletView {
  const open = openSubWallet(state, subWalletId);
  if (open) return open;
  const pushed = events.find((event) => event.type === 'SubWalletPushed');
  if (!pushed) throw new Error(`Sub-wallet ${subWalletId} is not in the log.`);
  const { subWalletId: id, ...data } = pushed.data;
  return { id, ...data, open: false };
}

function viewOf({ walletId, asset }: OpenWallet, subWallet: SubWallet): SubWalletView {
  const { subWalletId, token, organisationId, scene, single, day, pushedAt } = subWallet;
  return {
    id: subWalletId,
    walletId,
    token,
    organisationId,
    ...(scene !== undefined && { scene }),
    single: money(asset, single),
    day: money(asset, day),
    open: true,
    pushedAt,
  };
}
