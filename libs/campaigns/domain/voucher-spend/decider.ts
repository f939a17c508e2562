import { accept, type Decider } from '#libs/kernel/decider/index.js';
import type { RecordSpending, SpendingRefusal, Spending, VoucherSpent } from './messages.js';

/**
 * What an idempotency key was used for. One spending: keys are claimed before money moves. The log of an earlier version may hold two
 * of a key that was sent for two vouchers at once; the money has moved twice there, and both are recorded.
 */
export type SpendingState = readonly Spending[];

export const voucherSpendDecider: Decider<RecordSpending, SpendingState, VoucherSpent, SpendingRefusal> = {
  initial: [],
  decide({ spending }, state) {
    if (state.some(({ voucherId }) => voucherId === spending.voucherId)) return accept();
    return accept({ type: 'VoucherSpent', data: spending });
  },
  evolve: (state, { data }) => [...state, data],
};

/** Whether a key that was used before is used for the very same again. */
export function isSameSpending(known: Spending, asked: Omit<Spending, 'spentAt'>): boolean {
  return (
    known.voucherId === asked.voucherId &&
    known.organisationId === asked.organisationId &&
    known.asset === asked.asset &&
    known.amount === asked.amount &&
    known.spend === asked.spend
  );
}
