import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { PaymentId } from '#libs/kernel/ids/index.js';
import type { WalletEvent, WalletHoldPlaced, WalletHoldReleased, WalletHoldSpent } from './messages.js';
import { ENDED_KEPT, holdOf, type OpenWallet, type WalletState } from './state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: WalletState, event: WalletEvent): WalletState {
  if (event.type === 'WalletOpened') {
    if (state.status === 'open') throw impossible(event, 'for a wallet that is open');
    const empty = { available: 0n, held: 0n, holds: [], topUps: [], ended: [] };
    return { status: 'open', ...event.data, ...empty };
  }
  if (state.status === 'absent') throw impossible(event, 'before the wallet was opened');
  switch (event.type) {
    case 'WalletToppedUp': {
      const { topUpId, amount } = event.data;
      const topUps = [...state.topUps, { topUpId, amount: amount.amount }];
      const available = state.available + amount.amount;
      if (event.data.availableAfter.amount !== available) throw impossible(event, 'with a wrong balance');
      return { ...state, available, topUps };
    }
    case 'WalletHoldPlaced':
      return placed(state, event);
    case 'WalletHoldReleased':
    case 'WalletHoldSpent':
      return ended(state, event);
    case 'WalletPaymentBarred':
      return { ...state, ended: withEnded(state.ended, event.data.paymentId) };
    default:
      return assertNever(event, 'wallet event');
  }
}

function placed(wallet: OpenWallet, event: WalletHoldPlaced): OpenWallet {
  const { paymentId, amount } = event.data;
  if (holdOf(wallet, paymentId) !== undefined) throw impossible(event, 'twice for one payment');
  const available = wallet.available - amount.amount;
  const held = wallet.held + amount.amount;
  checkFigures(event, { available, held });
  return { ...wallet, available, held, holds: [...wallet.holds, { paymentId, amount: amount.amount }] };
}

function ended(wallet: OpenWallet, event: WalletHoldReleased | WalletHoldSpent): OpenWallet {
  const { paymentId, amount } = event.data;
  if (holdOf(wallet, paymentId) !== amount.amount) throw impossible(event, 'without such a hold');
  const back = event.type === 'WalletHoldReleased' ? amount.amount : 0n;
  const available = wallet.available + back;
  const held = wallet.held - amount.amount;
  checkFigures(event, { available, held });
  return {
    ...wallet,
    available,
    held,
    holds: wallet.holds.filter((hold) => hold.paymentId !== paymentId),
    ended: withEnded(wallet.ended, paymentId),
  };
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
