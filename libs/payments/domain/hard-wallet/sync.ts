import { CNY, money, posting } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import { find } from '../receipt-book/id-trie.js';
import { evolve } from './evolve.js';
import type { HardWalletCommand, HardWalletEvent, OfflinePayment } from './messages.js';
import { counterKey, type KnownHardWallet } from './state.js';

type Sync = Extract<HardWalletCommand, { kind: 'sync' }>;

/** What a payment brought in is worth, by what is stored. */
export type OfflineVerdict = 'fresh' | 'taken' | 'doubleSpend' | 'tooMany' | 'beyondBalance' | 'unfit';

/**
 * A payment that was brought before is what it was; a counter that was used for another is a double spend. Numbers may be brought with
 * gaps, because shops come to the network in any order: what counts is that each is paid once, and that none lies further ahead
 * of the device's last touch with the bank than permitted.
 */
export function verdictOn(payment: OfflinePayment, wallet: KnownHardWallet): OfflineVerdict {
  const { counter, digest, amount } = payment;
  if (amount.asset !== CNY || amount.amount <= 0n || counter < 1) return 'unfit';
  const taken = find(wallet.taken, counterKey(counter));
  if (taken) return taken.digest === digest ? 'taken' : 'doubleSpend';
  const refused = find(wallet.refusedDigests, digest);
  if (refused) return refused === 'counterReused' ? 'doubleSpend' : refused;
  if (counter > wallet.syncedCounter + wallet.permitted) return 'tooMany';
  return amount.amount > wallet.balance ? 'beyondBalance' : 'fresh';
}

/** Each payment is judged after the ones before it: two with one counter in a batch are a double spend too. */
export function sync({ payments, at }: Sync, state: KnownHardWallet): readonly HardWalletEvent[] {
  const events: HardWalletEvent[] = [];
  let wallet = state;
  for (const payment of payments) {
    const event = eventOf(payment, wallet, at);
    if (!event) continue;
    events.push(event);
    wallet = evolve(wallet, event) as KnownHardWallet;
  }
  return events;
}

function eventOf(
  payment: OfflinePayment,
  wallet: KnownHardWallet,
  at: Sync['at'],
): HardWalletEvent | undefined {
  const { hardWalletId } = wallet;
  const verdict = verdictOn(payment, wallet);
  switch (verdict) {
    case 'fresh': {
      const postings = [posting(`wallet:${hardWalletId}`, accounts.clearing('offline'), payment.amount)];
      const balanceAfter = money(CNY, wallet.balance - payment.amount.amount);
      return {
        type: 'OfflinePaymentTaken',
        data: { hardWalletId, ...payment, balanceAfter, postings, takenAt: at },
      };
    }
    case 'doubleSpend':
    case 'beyondBalance': {
      if (find(wallet.refusedDigests, payment.digest)) return undefined;
      const taken = find(wallet.taken, counterKey(payment.counter));
      return {
        type: 'OfflineDoubleSpendDetected',
        data: {
          hardWalletId,
          ...payment,
          why: verdict === 'doubleSpend' ? 'counterReused' : 'beyondBalance',
          ...(taken && { takenDigest: taken.digest }),
          detectedAt: at,
        },
      };
    }
    case 'taken':
    case 'tooMany':
    case 'unfit':
      return undefined;
  }
}
