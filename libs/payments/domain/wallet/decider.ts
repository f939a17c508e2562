import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { formatDecimal, money, posting, type Money } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import { evolve } from './evolve.js';
import type { WalletCommand, WalletEvent, WalletRefusal } from './messages.js';
import { holdOf, type OpenWallet, type WalletState } from './state.js';

type WalletDecision = Decision<WalletEvent, WalletRefusal>;
type Of<Kind extends WalletCommand['kind']> = Extract<WalletCommand, { kind: Kind }>;

/**
 * Money of one owner. What is promised to payments under way (held) has left the available part already, so that the
 * same yuan cannot be promised twice and neither part is ever below zero.
 */
export const walletDecider: Decider<WalletCommand, WalletState, WalletEvent, WalletRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'open':
        return open(command, state);
      case 'topUp':
        return topUp(command, state);
      case 'hold':
        return hold(command, state);
      case 'release':
        return release(command, state);
      case 'spend':
        return spend(command, state);
      default:
        return assertNever(command, 'wallet command');
    }
  },
  evolve,
};

/** The wallet's id derives from tenant, account and label, so that an open wallet is the very one asked for. */
function open({ kind: _kind, ...opened }: Of<'open'>, state: WalletState): WalletDecision {
  return state.status === 'open' ? accept() : accept({ type: 'WalletOpened', data: opened });
}

function topUp({ tenant, owner, topUpId, amount, limits }: Of<'topUp'>, state: WalletState): WalletDecision {
  if (!isOwn(state, tenant, owner)) return refuse('WALLET_NOT_FOUND', 'There is no such wallet.');
  const known = state.topUps.find((one) => one.topUpId === topUpId);
  if (known) {
    if (known.amount === amount.amount && state.asset === amount.asset) return accept();
    return refuse('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
  }
  if (amount.asset !== state.asset || amount.amount <= 0n) {
    return refuse('INVALID_AMOUNT', 'A top-up is above zero and in the currency of the wallet.');
  }
  if (amount.amount > limits.singleTopUp.amount) return overLimit(limits.singleTopUp);
  if (state.available + state.held + amount.amount > limits.balance.amount) return overLimit(limits.balance);
  const { walletId } = state;
  const data = {
    walletId,
    topUpId,
    amount,
    availableAfter: money(state.asset, state.available + amount.amount),
    postings: [posting(accounts.outside('topup'), accounts.wallet(walletId), amount)],
  };
  return accept({ type: 'WalletToppedUp', data });
}

function hold({ tenant, owner, paymentId, amount }: Of<'hold'>, state: WalletState): WalletDecision {
  if (!isOwn(state, tenant, owner)) return refuse('WALLET_NOT_FOUND', 'There is no such wallet.');
  if (holdOf(state, paymentId) !== undefined) return accept();
  if (state.ended.includes(paymentId)) return refuse('PAYMENT_ENDED', 'The payment has ended.');
  if (amount.asset !== state.asset || amount.amount <= 0n || amount.amount > state.available) {
    return refuse('INSUFFICIENT_FUNDS', 'The wallet does not hold enough.', {
      available: formatDecimal(money(state.asset, state.available)),
      required: formatDecimal(amount),
    });
  }
  const { walletId } = state;
  const data = {
    ...after(state, paymentId, amount, { available: -amount.amount, held: amount.amount }),
    postings: [posting(accounts.wallet(walletId), accounts.hold(paymentId), amount)],
  };
  return accept({ type: 'WalletHoldPlaced', data });
}

/** Always accepted: whatever the payment held here ends, and nothing of it can begin later. */
function release({ paymentId }: Of<'release'>, state: WalletState): WalletDecision {
  if (state.status === 'absent' || state.ended.includes(paymentId)) return accept();
  const held = holdOf(state, paymentId);
  if (held === undefined) {
    return accept({ type: 'WalletPaymentBarred', data: { walletId: state.walletId, paymentId } });
  }
  const amount = money(state.asset, held);
  const data = {
    ...after(state, paymentId, amount, { available: held, held: -held }),
    postings: [posting(accounts.hold(paymentId), accounts.wallet(state.walletId), amount)],
  };
  return accept({ type: 'WalletHoldReleased', data });
}

function spend({ paymentId }: Of<'spend'>, state: WalletState): WalletDecision {
  if (state.status === 'absent') return refuse('WALLET_NOT_FOUND', 'There is no such wallet.');
  const held = holdOf(state, paymentId);
  if (held === undefined) return accept();
  const data = after(state, paymentId, money(state.asset, held), { available: 0n, held: -held });
  return accept({ type: 'WalletHoldSpent', data });
}

function after(
  wallet: OpenWallet,
  paymentId: WalletEventPayment,
  amount: Money,
  change: { readonly available: bigint; readonly held: bigint },
) {
  return {
    walletId: wallet.walletId,
    paymentId,
    amount,
    availableAfter: money(wallet.asset, wallet.available + change.available),
    heldAfter: money(wallet.asset, wallet.held + change.held),
  };
}

type WalletEventPayment = Of<'hold'>['paymentId'];

/** Not yours looks exactly like not found. */
function isOwn(state: WalletState, tenant: string, owner: string): state is OpenWallet {
  return state.status === 'open' && state.tenant === tenant && state.owner === owner;
}

function overLimit(limit: Money): WalletDecision {
  return refuse('LIMIT_EXCEEDED', 'The wallet may not take in so much.', { limit: formatDecimal(limit) });
}

function refuse(
  code: WalletRefusal['code'],
  message: string,
  details?: Readonly<Record<string, string>>,
): WalletDecision {
  return reject(details ? { code, message, details } : { code, message });
}
