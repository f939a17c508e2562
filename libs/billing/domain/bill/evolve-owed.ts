import { addDays } from '#libs/kernel/time/index.js';
import { impossible } from './impossible.js';
import { asItWas, extended } from './late-fee.js';
import type { BillAdjusted, BillLateFeeCharged, BillLateFeeWaived } from './messages.js';
import { openLateFeeOf, statusOf, type BillState, type LateFee, type LiveBill } from './state.js';

export function lateFeeCharged(bill: LiveBill, event: BillLateFeeCharged): BillState {
  const { from, to, principal } = event.data;
  const rule = bill.policy.lateFee;
  if (!rule) throw impossible(event, 'on a bill without late fee');
  const lateFee = extended(bill.lateFee, rule, { from, to, principal: principal.amount });
  return withLateFee(bill, event, lateFee);
}

export function lateFeeWaived(bill: LiveBill, event: BillLateFeeWaived): BillState {
  const rule = bill.policy.lateFee;
  if (!rule) throw impossible(event, 'on a bill without late fee');
  const lateFee = asItWas(bill.lateFee, rule, addDays(event.data.from, -1));
  if (!lateFee) throw impossible(event, 'beyond what is remembered');
  return withLateFee(bill, event, lateFee);
}

function withLateFee(
  bill: LiveBill,
  event: BillLateFeeCharged | BillLateFeeWaived,
  lateFee: LateFee,
): LiveBill {
  const { amount, lateFeeAfter, outstandingAfter } = event.data;
  const difference = lateFee.charged - bill.lateFee.charged;
  const outstanding = bill.outstanding + difference;
  const signed = event.type === 'BillLateFeeCharged' ? amount.amount : -amount.amount;
  if (
    difference !== signed ||
    lateFeeAfter.amount !== lateFee.charged ||
    outstandingAfter.amount !== outstanding ||
    openLateFeeOf(lateFee) < 0n
  ) {
    throw impossible(event, 'with figures that do not add up');
  }
  return { ...bill, lateFee, outstanding };
}

export function adjusted(bill: LiveBill, event: BillAdjusted): BillState {
  const { noteId, note, amount, perItem, reason, adjustedAfter, outstandingAfter } = event.data;
  const signed = note === 'credit' ? -amount.amount : amount.amount;
  const outstanding = bill.outstanding + signed;
  const isRight = adjustedAfter.amount === bill.adjusted + signed && outstandingAfter.amount === outstanding;
  if (!isRight || outstanding < bill.reserved) throw impossible(event, 'with figures that do not add up');
  return {
    ...bill,
    adjusted: bill.adjusted + signed,
    notes: [...bill.notes, { noteId, note, amount: amount.amount, perItem, reason }],
    outstanding,
    status: statusOf({ ...bill, outstanding }),
  };
}
