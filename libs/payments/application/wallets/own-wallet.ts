import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { isUuid, type WalletId } from '#libs/kernel/ids/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { walletAggregate } from '../../codec/index.js';
import type { OpenWallet } from '../../domain/wallet/index.js';

/** The caller's wallet as it is now; `undefined` for somebody else's as for none. */
export async function ownWallet(
  store: Pick<DeciderStore, 'load'>,
  { tenant, accountId }: Caller,
  walletId: WalletId,
): Promise<OpenWallet | undefined> {
  if (!isUuid(walletId)) return undefined;
  const { state } = await store.load(walletAggregate, walletId);
  return state.status === 'open' && state.tenant === tenant && state.owner === accountId ? state : undefined;
}

export function noSuchWallet() {
  const rejection = { code: 'WALLET_NOT_FOUND', message: 'There is no such wallet.' } as const;
  return { accepted: false, rejection } as const;
}
