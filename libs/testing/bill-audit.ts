/** Whether a bill adds up: the same sums once more, from its events alone. */
import { expect } from '@jest/globals';
import { chargeOf } from '#libs/billing/domain/bill/allocation.js';
import { isClosed, type BillEvent, type BillState } from '#libs/billing/domain/bill/index.js';
import { statusOf } from '#libs/billing/domain/bill/state.js';
import { assertNever } from '#libs/kernel/errors/index.js';

type KnownState = Exclude<BillState, { readonly status: 'absent' }>;

export function auditBill(bill: KnownState, events: readonly BillEvent[]): void {
  const sums = { late: 0n, notes: 0n, paid: 0n, rebates: 0n, refunded: 0n, lapsed: 0n };
  for (const event of events) count(event, sums);
  if (bill.status === 'cancelled') sums.lapsed = bill.lapsed;
  const total = bill.total - bill.waived;
  const owed = total + sums.notes + sums.late - sums.rebates - sums.paid - sums.lapsed;
  expect(bill.outstanding).toBe(owed);
  expect(bill.outstanding).toBeGreaterThanOrEqual(0n);
  expect([bill.paid, bill.refunded, bill.rebate]).toEqual([sums.paid, sums.refunded, sums.rebates]);
  expect(bill.refunded).toBeLessThanOrEqual(bill.paid);
  const promised = bill.reservations.reduce((sum, { amount, rebate }) => sum + amount + rebate, 0n);
  expect(promised).toBeLessThanOrEqual(bill.outstanding);
  expect(bill.reservations.reduce((sum, { amount }) => sum + amount, 0n)).toBe(bill.reserved);
  expect(bill.lateFee.paid).toBeLessThanOrEqual(bill.lateFee.charged);
  const onItems = bill.paidPerItem.reduce((sum, { amount }) => sum + amount, 0n);
  expect(onItems + bill.lateFee.paid).toBe(bill.paid);
  for (const { feeItemId, amount } of bill.paidPerItem) {
    const charge = chargeOf(
      bill,
      bill.items.find((item) => item.feeItemId === feeItemId)!,
    );
    expect(charge < 0n ? amount === charge : amount >= 0n && amount <= charge).toBe(true);
  }
  for (const { paymentId, amount } of bill.allocations) {
    const back = bill.refunds.filter((refund) => refund.paymentId === paymentId);
    expect(back.reduce((sum, refund) => sum + refund.amount, 0n)).toBeLessThanOrEqual(amount);
  }
  if (!isClosed(bill)) expect(bill.status).toBe(statusOf(bill));
  if (isClosed(bill)) expect([bill.outstanding, bill.reserved]).toEqual([0n, 0n]);
}

function count(
  event: BillEvent,
  sums: Record<'late' | 'notes' | 'paid' | 'rebates' | 'refunded' | 'lapsed', bigint>,
) {
  switch (event.type) {
    case 'BillLateFeeCharged':
      sums.late += event.data.amount.amount;
      break;
    case 'BillLateFeeWaived':
      sums.late -= event.data.amount.amount;
      break;
    case 'BillAdjusted':
      sums.notes += event.data.note === 'credit' ? -event.data.amount.amount : event.data.amount.amount;
      break;
    case 'BillPaymentAllocated':
      sums.paid += event.data.amount.amount;
      sums.rebates += event.data.rebate?.amount ?? 0n;
      break;
    case 'BillAllocationReversed':
      sums.paid -= event.data.amount.amount;
      sums.rebates -= event.data.rebate.amount;
      break;
    case 'BillRefunded':
      sums.refunded += event.data.amount.amount;
      break;
    case 'BillExpired':
    case 'BillWrittenOff':
      sums.lapsed += event.data.amount.amount;
      break;
    case 'BillIssued':
    case 'BillAmended':
    case 'BillPayerCorrected':
    case 'BillReserved':
    case 'BillReservationReleased':
    case 'BillPaymentBarred':
    case 'BillWriteOffRequested':
    case 'BillWriteOffRefused':
    case 'BillCancelled':
      break;
    default:
      assertNever(event, 'bill event');
  }
}
