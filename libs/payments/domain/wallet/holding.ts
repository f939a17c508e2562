import { accept } from '#libs/kernel/decider/index.js';
import type { PaymentId } from '#libs/kernel/ids/index.js';
import { formatDecimal, money, posting, type Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import { accounts } from '../accounts.js';
import { detailsOf, spendingLimitHit, type LimitsByTier, type Usage } from './limits.js';
import type { PlaceHold, WalletCommand } from './messages.js';
import { isOwn, noSuchWallet, refuse, type WalletDecision } from './refusals.js';
import {
  countingDay,
  findHold,
  spentOn,
  usedOn,
  type Hold,
  type OpenWallet,
  type SubWallet,
  type WalletState,
} from './state.js';

type Of<Kind extends WalletCommand['kind']> = Extract<WalletCommand, { kind: Kind }>;

export function hold(command: PlaceHold, state: WalletState): WalletDecision {
  const { tenant, owner, paymentId, amount, limits, businessDate } = command;
  if (!isOwn(state, tenant, owner)) return noSuchWallet();
  if (findHold(state, paymentId)) return accept();
  if (state.ended.includes(paymentId)) return refuse('PAYMENT_ENDED', 'The payment has ended.');
  if (state.frozen) return refuse('WALLET_FROZEN', 'Nothing may leave the wallet while it is frozen.');
  const named = subWalletFor(command, state);
  if (named && 'accepted' in named) return named;
  if (amount.asset !== state.asset || amount.amount <= 0n || amount.amount > state.available) {
    return refuse('INSUFFICIENT_FUNDS', 'The wallet does not hold enough.', {
      available: formatDecimal(money(state.asset, state.available)),
      required: formatDecimal(amount),
    });
  }
  const day = businessDate && countingDay(state, businessDate);
  const refusal = day && limits && overLimit(amount, limits, day, { wallet: state, subWallet: named });
  if (refusal) return refusal;
  const placed: Hold = {
    paymentId,
    amount: amount.amount,
    ...(day && { businessDate: day }),
    ...(named && { subWalletId: named.subWalletId }),
  };
  const data = {
    ...after(state, placed, { available: -amount.amount, held: amount.amount }),
    ...countedOf(placed),
    postings: [posting(accounts.wallet(state.walletId), accounts.hold(paymentId), amount)],
  };
  return accept({ type: 'WalletHoldPlaced', data });
}

/** Always accepted: whatever the payment held here ends, and nothing of it can begin later. */
export function release({ paymentId }: Of<'release'>, state: WalletState): WalletDecision {
  if (state.status === 'absent' || state.ended.includes(paymentId)) return accept();
  const held = findHold(state, paymentId);
  if (!held) {
    return accept({ type: 'WalletPaymentBarred', data: { walletId: state.walletId, paymentId } });
  }
  const data = {
    ...after(state, held, { available: held.amount, held: -held.amount }),
    ...countedOf(held),
    postings: [
      posting(accounts.hold(paymentId), accounts.wallet(state.walletId), money(state.asset, held.amount)),
    ],
  };
  return accept({ type: 'WalletHoldReleased', data });
}

export function spend({ paymentId }: Of<'spend'>, state: WalletState): WalletDecision {
  if (state.status === 'absent') return noSuchWallet();
  const held = findHold(state, paymentId);
  if (!held) return accept();
  return accept({ type: 'WalletHoldSpent', data: after(state, held, { available: 0n, held: -held.amount }) });
}

/** What counts against the limits of a day; the sub-wallet's own usage beside it. */
function usageOf(wallet: OpenWallet, day: LocalDate, subWallet?: SubWallet): Usage {
  const usage = { tier: wallet.tier, ...spentOn(wallet.spent, day) };
  if (!subWallet) return usage;
  const { single, day: daily } = subWallet;
  return { ...usage, subWallet: { single, day: daily, used: usedOn(subWallet, day) } };
}

/** The sub-wallet that the hold names, or why it cannot be used; `undefined` when it names none. Unknown looks like closed. */
function subWalletFor(
  { subWalletId, token, organisationId }: PlaceHold,
  wallet: OpenWallet,
): SubWallet | WalletDecision | undefined {
  if (subWalletId === undefined && token === undefined) return undefined;
  const found = wallet.subWallets.find(
    (one) => (subWalletId ?? one.subWalletId) === one.subWalletId && (token ?? one.token) === one.token,
  );
  if (found && (organisationId === undefined || found.organisationId === organisationId)) return found;
  return refuse('SUB_WALLET_CLOSED', 'There is no open sub-wallet for this organisation.');
}

function overLimit(
  amount: Money,
  limits: LimitsByTier,
  day: LocalDate,
  { wallet, subWallet }: { readonly wallet: OpenWallet; readonly subWallet: SubWallet | undefined },
): WalletDecision | undefined {
  const hit = spendingLimitHit(amount.amount, usageOf(wallet, day, subWallet), limits, day);
  return (
    hit &&
    refuse('LIMIT_EXCEEDED', 'The payment is above a limit of the wallet.', detailsOf(hit, wallet.asset))
  );
}

function countedOf({ businessDate, subWalletId }: Hold) {
  return { ...(businessDate && { businessDate }), ...(subWalletId && { subWalletId }) };
}

function after(
  wallet: OpenWallet,
  { paymentId, amount }: { readonly paymentId: PaymentId; readonly amount: bigint },
  change: { readonly available: bigint; readonly held: bigint },
) {
  return {
    walletId: wallet.walletId,
    paymentId,
    amount: money(wallet.asset, amount),
    availableAfter: money(wallet.asset, wallet.available + change.available),
    heldAfter: money(wallet.asset, wallet.held + change.held),
  };
}
