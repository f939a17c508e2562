import { accept } from '#libs/kernel/decider/index.js';
import { money, posting, type Money } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import { find } from '../receipt-book/id-trie.js';
import { balanceLimitHit, demoLimitDetails, detailsOf, type LimitName } from './limits.js';
import type { Credit, TopUp } from './messages.js';
import { isOwn, noSuchWallet, refuse, type WalletDecision } from './refusals.js';
import type { OpenWallet, WalletState } from './state.js';

export function topUp({ tenant, owner, topUpId, amount, limits }: TopUp, state: WalletState): WalletDecision {
  if (!isOwn(state, tenant, owner)) return noSuchWallet();
  const settled = receivedBefore(state, topUpId, amount);
  if (settled) return settled;
  if (amount.amount > limits.singleTopUp.amount) return overDemoLimit('single', limits.singleTopUp);
  if (state.available + state.held + amount.amount > limits.balance.amount) {
    return overDemoLimit('balance', limits.balance);
  }
  const postings = [posting(accounts.outside('topup'), accounts.wallet(state.walletId), amount)];
  const data = {
    walletId: state.walletId,
    topUpId,
    amount,
    availableAfter: availableAfter(state, amount),
    postings,
  };
  return accept({ type: 'WalletToppedUp', data });
}

/** Idempotent for good: what comes back from a bank may come months later. */
export function credit(
  { tenant, creditId, amount, source, limits }: Credit,
  state: WalletState,
): WalletDecision {
  if (state.status === 'absent' || state.tenant !== tenant) return noSuchWallet();
  const settled = receivedBefore(state, creditId, amount);
  if (settled) return settled;
  const balance = state.available + state.held;
  const hit = limits && balanceLimitHit(amount.amount, { tier: state.tier, balance }, limits);
  if (hit)
    return refuse('LIMIT_EXCEEDED', 'The wallet may not take in so much.', detailsOf(hit, state.asset));
  const data = {
    walletId: state.walletId,
    creditId,
    amount,
    source,
    availableAfter: availableAfter(state, amount),
    postings: [posting(source, accounts.wallet(state.walletId), amount)],
  };
  return accept({ type: 'WalletCredited', data });
}

/** The answer where the id or the amount already gives it. */
function receivedBefore(wallet: OpenWallet, id: string, amount: Money): WalletDecision | undefined {
  const known = find(wallet.received, id);
  if (known !== undefined) {
    if (known === amount.amount && wallet.asset === amount.asset) return accept();
    return refuse('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
  }
  if (amount.asset !== wallet.asset || amount.amount <= 0n) {
    return refuse('INVALID_AMOUNT', 'What comes in is above zero and in the currency of the wallet.');
  }
  return undefined;
}

function availableAfter({ asset, available }: OpenWallet, amount: Money): Money {
  return money(asset, available + amount.amount);
}

function overDemoLimit(name: LimitName, limit: Money): WalletDecision {
  return refuse('LIMIT_EXCEEDED', 'The wallet may not take in so much.', demoLimitDetails(name, limit));
}
