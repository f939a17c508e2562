import type { Bills } from './bills.js';
import type { FoldedPayment, Payments } from './payments.js';
import type { Receipts } from './receipts.js';
import { Verdict } from './verdict.js';
import type { Wallets } from './wallets.js';

export interface Folds {
  readonly payments: Payments;
  readonly bills: Bills;
  readonly wallets: Wallets;
  readonly receipts: Receipts;
}

/**
 * What must hold once the log is at rest: captures, allocations and receipts one to one, and nothing left open.
 * `atRest` false (a log taken from a running product) skips what a moment later might bring.
 */
export function conclude(folds: Folds, atRest: boolean): readonly Verdict[] {
  return [
    allocatedOnlyIfCaptured(folds),
    ...(atRest ? [everyCaptureFinished(folds), nothingLeftOpen(folds)] : []),
  ];
}

function allocatedOnlyIfCaptured({ bills, payments }: Folds): Verdict {
  const verdict = new Verdict('I2', 'every allocation belongs to one capture and has its amount');
  for (const bill of bills.bills.values()) {
    for (const { paymentId, minor } of bill.allocations) {
      const paid = payments.payments.get(paymentId)?.bills.filter(({ billId }) => billId === bill.id);
      const right = paid?.length === 1 && paid[0]?.minor === minor;
      verdict.expect(
        right,
        () =>
          `bill ${bill.id}: ${minor} allocated by ${paymentId}, captured ${paid?.[0]?.minor ?? 'nothing'}`,
      );
    }
  }
  return verdict;
}

function everyCaptureFinished({ payments, bills, receipts, wallets }: Folds): Verdict {
  const verdict = new Verdict('I5', 'every captured payment is allocated, receipted and its hold spent');
  for (const payment of payments.payments.values()) {
    if (payment.status !== 'captured') continue;
    for (const { billId, minor } of payment.bills) {
      const share = bills.bills.get(billId)?.allocations.find(({ paymentId }) => paymentId === payment.id);
      verdict.expect(share?.minor === minor, () => `payment ${payment.id}: bill ${billId} was not allocated`);
    }
    for (const organisationId of new Set(payment.bills.map((bill) => bill.organisationId))) {
      const key = `${payment.id} ${organisationId}`;
      verdict.expect(
        receipts.receipts.has(key),
        () => `payment ${payment.id}: no receipt of ${organisationId}`,
      );
    }
    if (payment.channel === 'wallet') {
      const hold = wallets.holds.get(payment.id);
      verdict.expect(
        hold?.state === 'spent',
        () => `payment ${payment.id}: hold is ${hold?.state ?? 'missing'}`,
      );
    }
  }
  return verdict;
}

function nothingLeftOpen({ payments, bills, wallets }: Folds): Verdict {
  const verdict = new Verdict('I5', 'no payment under way, no reservation and no hold is left at rest');
  for (const payment of payments.payments.values()) {
    verdict.expect(isTerminal(payment), () => `payment ${payment.id} is still ${payment.status}`);
  }
  for (const bill of bills.bills.values()) {
    const [open] = bill.reservations;
    verdict.expect(open === undefined, () => `bill ${bill.id} is still reserved by ${open?.paymentId}`);
  }
  for (const [paymentId, hold] of wallets.holds) {
    verdict.expect(hold.state !== 'open', () => `${hold.wallet} still holds ${hold.minor} for ${paymentId}`);
  }
  return verdict;
}

function isTerminal(payment: FoldedPayment): boolean {
  return payment.status === 'captured' || payment.status === 'failed';
}
