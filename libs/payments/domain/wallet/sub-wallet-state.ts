import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import { add, find } from '../receipt-book/id-trie.js';
import type { SubWalletClosed, SubWalletId, SubWalletPushed, SubWalletRelimited } from './messages.js';
import { NO_DAY, usedOn, type OpenWallet, type SubWallet } from './state.js';

/** @throws ImpossibleHistoryError */
export function evolveSubWallets(
  wallet: OpenWallet,
  event: SubWalletPushed | SubWalletRelimited | SubWalletClosed,
): OpenWallet {
  const { subWalletId } = event.data;
  const open = wallet.subWallets.some((one) => one.subWalletId === subWalletId);
  const known = open || find(wallet.closedSubWallets, subWalletId) !== undefined;
  if (event.type === 'SubWalletPushed' ? known : !open) {
    throw new ImpossibleHistoryError(`${event.type} for a sub-wallet that is ${open ? 'open' : 'not open'}.`);
  }
  switch (event.type) {
    case 'SubWalletPushed':
      return { ...wallet, subWallets: [...wallet.subWallets, pushed(event)] };
    case 'SubWalletRelimited': {
      const { single, day } = event.data;
      const limits = { single: single.amount, day: day.amount };
      return { ...wallet, subWallets: changed(wallet.subWallets, subWalletId, () => limits) };
    }
    case 'SubWalletClosed':
      return {
        ...wallet,
        subWallets: wallet.subWallets.filter((one) => one.subWalletId !== subWalletId),
        closedSubWallets: add(wallet.closedSubWallets, subWalletId, true),
      };
    default:
      return assertNever(event, 'sub-wallet event');
  }
}

/** A hold counts against the sub-wallet; a release gives back on the same day. One that was closed meanwhile counts no more. */
export function usedBy(
  subWallets: readonly SubWallet[],
  subWalletId: SubWalletId,
  { on, amount }: { readonly on: LocalDate; readonly amount: bigint },
): readonly SubWallet[] {
  return changed(subWallets, subWalletId, (one) =>
    on < one.on ? {} : { on, used: usedOn(one, on) + amount },
  );
}

function pushed({ data }: SubWalletPushed): SubWallet {
  const { subWalletId, token, organisationId, scene, single, day, pushedAt } = data;
  return {
    subWalletId,
    token,
    organisationId,
    ...(scene !== undefined && { scene }),
    pushedAt,
    single: single.amount,
    day: day.amount,
    used: 0n,
    on: NO_DAY,
  };
}

function changed(
  subWallets: readonly SubWallet[],
  subWalletId: SubWalletId,
  change: (one: SubWallet) => Partial<SubWallet>,
): readonly SubWallet[] {
  return subWallets.map((one) => (one.subWalletId === subWalletId ? { ...one, ...change(one) } : one));
}
