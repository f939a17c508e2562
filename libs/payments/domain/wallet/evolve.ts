import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { PaymentId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import { add, emptyTrieOf, find } from '../receipt-book/id-trie.js';
import type {
  WalletCredited,
  WalletEvent,
  WalletHoldPlaced,
  WalletHoldReleased,
  WalletHoldSpent,
  WalletOpened,
  WalletToppedUp,
} from './messages.js';
import {
  ENDED_KEPT,
  findHold,
  NO_DAY,
  spentOn,
  type Hold,
  type OpenWallet,
  type Spent,
  type WalletState,
} from './state.js';
import { evolveSubWallets, usedBy } from './sub-wallet-state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: WalletState, event: WalletEvent): WalletState {
  if (event.type === 'WalletOpened') {
    if (state.status === 'open') throw impossible(event, 'for a wallet that is open');
    return opened(event);
  }
  if (state.status === 'absent') throw impossible(event, 'before the wallet was opened');
  switch (event.type) {
    case 'WalletHolderRegistered':
      return state;
    case 'WalletUpgraded':
      return { ...state, tier: event.data.to };
    case 'WalletToppedUp':
      return received(state, event, event.data.topUpId);
    case 'WalletCredited':
      return received(state, event, event.data.creditId);
    case 'WalletHoldPlaced':
      return placed(state, event);
    case 'WalletHoldReleased':
    case 'WalletHoldSpent':
      return ended(state, event);
    case 'WalletPaymentBarred':
      return { ...state, ended: withEnded(state.ended, event.data.paymentId) };
    case 'WalletFrozen':
      return { ...state, frozen: true };
    case 'WalletThawed':
      return { ...state, frozen: false };
    case 'SubWalletPushed':
    case 'SubWalletRelimited':
    case 'SubWalletClosed':
      return evolveSubWallets(state, event);
    default:
      return assertNever(event, 'wallet event');
  }
}

function opened({ data }: WalletOpened): OpenWallet {
  return {
    status: 'open',
    ...data,
    tier: data.tier ?? 'II',
    frozen: false,
    available: 0n,
    held: 0n,
    holds: [],
    received: emptyTrieOf(),
    ended: [],
    spent: { on: NO_DAY, day: 0n, year: 0n },
    subWallets: [],
    closedSubWallets: emptyTrieOf(),
  };
}

function received(wallet: OpenWallet, event: WalletToppedUp | WalletCredited, id: string): OpenWallet {
  const { amount, availableAfter } = event.data;
  if (find(wallet.received, id) !== undefined) throw impossible(event, 'twice');
  const available = wallet.available + amount.amount;
  if (availableAfter.amount !== available) throw impossible(event, 'with a wrong balance');
  return { ...wallet, available, received: add(wallet.received, id, amount.amount) };
}

function placed(wallet: OpenWallet, event: WalletHoldPlaced): OpenWallet {
  const { paymentId, amount, businessDate, subWalletId } = event.data;
  if (findHold(wallet, paymentId)) throw impossible(event, 'twice for one payment');
  const available = wallet.available - amount.amount;
  const held = wallet.held + amount.amount;
  checkFigures(event, { available, held });
  const hold: Hold = {
    paymentId,
    amount: amount.amount,
    ...(businessDate && { businessDate }),
    ...(subWalletId && { subWalletId }),
  };
  const holds = [...wallet.holds, hold];
  return { ...wallet, available, held, holds, ...counted(wallet, hold, amount.amount) };
}

function ended(wallet: OpenWallet, event: WalletHoldReleased | WalletHoldSpent): OpenWallet {
  const { paymentId, amount } = event.data;
  const hold = findHold(wallet, paymentId);
  if (hold?.amount !== amount.amount) throw impossible(event, 'without such a hold');
  const back = event.type === 'WalletHoldReleased';
  const available = back ? wallet.available + amount.amount : wallet.available;
  const held = wallet.held - amount.amount;
  checkFigures(event, { available, held });
  return {
    ...wallet,
    available,
    held,
    holds: wallet.holds.filter((one) => one !== hold),
    ended: withEnded(wallet.ended, paymentId),
    ...(back && counted(wallet, hold, -amount.amount)),
  };
}

/** What a hold takes from the day's limits, or a release gives back to them. */
function counted(
  wallet: OpenWallet,
  { businessDate, subWalletId }: Hold,
  amount: bigint,
): Partial<Pick<OpenWallet, 'spent' | 'subWallets'>> {
  if (!businessDate) return {};
  const spent = moved(wallet.spent, businessDate, amount);
  if (!subWalletId) return { spent };
  return { spent, subWallets: usedBy(wallet.subWallets, subWalletId, { on: businessDate, amount }) };
}

/** A day or year that was left behind is not counted any more. */
function moved(spent: Spent, on: LocalDate, amount: bigint): Spent {
  if (on < spent.on) {
    const sameYear = on.slice(0, 4) === spent.on.slice(0, 4);
    return sameYear ? { ...spent, year: spent.year + amount } : spent;
  }
  const before = spentOn(spent, on);
  return { on, day: before.day + amount, year: before.year + amount };
}

function checkFigures(
  event: WalletHoldPlaced | WalletHoldReleased | WalletHoldSpent,
  { available, held }: { readonly available: bigint; readonly held: bigint },
): void {
  if (available < 0n || held < 0n) throw impossible(event, 'beyond what the wallet has');
  const { availableAfter, heldAfter } = event.data;
  if (availableAfter.amount !== available || heldAfter.amount !== held) {
    throw impossible(event, 'with a wrong balance');
  }
}

function withEnded(before: readonly PaymentId[], paymentId: PaymentId): readonly PaymentId[] {
  return [...before.slice(-(ENDED_KEPT - 1)), paymentId];
}

function impossible(event: WalletEvent, why: string): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${event.type} ${why}.`);
}
